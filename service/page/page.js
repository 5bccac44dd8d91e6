// One article in, one analysis out, shown. Nothing is written as markup: every word of the
// article and of the answer goes through textContent.

const $ = (id) => document.getElementById(id);
let underway = null;

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  read();
});
$("text").addEventListener("input", showSize);
$("example").addEventListener("click", () => {
  $("text").value = $("sample").content.textContent;
  showSize();
  read();
});
showSize(); // a browser may have kept the text over a reload

function showSize() {
  const size = [...$("text").value].length;
  $("size").textContent = size ? `${size.toLocaleString("en")} characters` : "No text yet.";
}

async function read() {
  underway?.abort(); // the newest question is the one that counts
  const mine = (underway = new AbortController());
  const article = { text: $("text").value };
  if ($("title").value) article.title = $("title").value;
  for (const name of ["max_words", "max_sentences"]) {
    if ($(name).value) article[name] = Number($(name).value);
  }
  showTrouble(null);
  busy(true);
  try {
    const answer = await fetch("v1/analyses", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(article),
      signal: mine.signal,
    });
    const said = await answer.json();
    if (answer.ok) show(article.text, said);
    else showTrouble(said.error);
  } catch (error) {
    if (error.name === "AbortError") return;
    showTrouble({ message: "The service did not answer; is it still running?" });
  }
  if (mine === underway) busy(false);
}

function busy(yes) {
  $("read").setAttribute("aria-disabled", yes);
  $("result").setAttribute("aria-busy", yes);
  $("status").textContent = yes ? "Reading…" : "";
}

function showTrouble(error) {
  const box = $("trouble");
  box.hidden = !error;
  for (const name of ["text", "title", "max_words", "max_sentences"]) {
    $(name).setAttribute("aria-invalid", error?.field === name);
  }
  if (!error) return;
  $("result").hidden = true;
  const message = error.message;
  box.textContent = message.charAt(0).toUpperCase() + message.slice(1);
  const field = error.field && $(error.field);
  if (field) {
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  }
}

function show(text, analysis) {
  const letters = [...text]; // offsets count code points, strings count halves of some
  $("summary").textContent = analysis.summary.text;
  showWarnings(analysis);
  showClaims(analysis.claims);
  showSpeakers(analysis);
  $("marked").replaceChildren(...marked(letters, analysis.claims));
  $("model").textContent = `Read by ${analysis.model.name}, revision ${analysis.model.revision}.`;
  $("result").hidden = false;
  $("summary-heading").focus();
}

function showWarnings(analysis) {
  const warnings = [...analysis.warnings];
  const share = analysis.summary.coverage;
  if (share < 1) warnings.push(`Only ${percent(share)} of the text was read.`);
  $("warnings").replaceChildren(...warnings.map((words) => make("li", "", words)));
  $("warnings").hidden = !warnings.length;
}

function showClaims(claims) {
  $("count").textContent = claims.length ? `(${claims.length})` : "";
  $("no-claims").hidden = claims.length > 0;
  $("table").hidden = !claims.length;
  $("claims").replaceChildren(...claims.map(claimRow));
}

function claimRow(claim, number) {
  const row = make("tr");
  const stance = make("td");
  stance.append(chip(claim.stance), ...claim.also.map((also) => chip(also, "also")));
  stance.append(make("small", "", tone(claim)));

  const link = make("a", "", claim.text);
  link.href = `#claim-${number}`;
  link.addEventListener("click", () => point(number));
  const content = make("td", "claim");
  content.dir = "auto";
  content.append(link);

  const meter = make("meter");
  meter.value = claim.confidence;
  meter.setAttribute("aria-hidden", "true");
  const confidence = make("td", "confidence");
  confidence.append(meter, percent(claim.confidence));

  const speaker = make("td", "", claim.speaker.names.join(" and ") || "nobody named");
  const targets = make("td", "", claim.targets.join(", ") || "–");
  row.append(stance, speaker, content, targets, confidence);
  return row;
}

function tone(claim) {
  const origin = { speaker: "made by the speaker", other: "seen in another" };
  return [claim.polarity, origin[claim.threat_from]].filter(Boolean).join(", ");
}

function point(number) {
  for (const mark of document.querySelectorAll("mark.pointed")) mark.classList.remove("pointed");
  for (const mark of document.querySelectorAll(`mark[data-claims~="${number}"]`)) {
    mark.classList.add("pointed");
  }
}

function showSpeakers(analysis) {
  const items = analysis.speakers.map((speaker) => {
    const item = make("li");
    item.append(make("strong", "", speaker.name));
    if (speaker.role) item.append(make("span", "quiet", speaker.role));
    const counts = new Map();
    for (const claim of analysis.claims) {
      if (claim.speaker.names.includes(speaker.name)) {
        counts.set(claim.stance, (counts.get(claim.stance) ?? 0) + 1);
      }
    }
    for (const [stance, count] of counts) {
      item.append(chip(stance, "also", count > 1 ? `${stance} × ${count}` : stance));
    }
    return item;
  });
  $("speakers").replaceChildren(...items);
  $("speakers-section").hidden = !items.length;
}

// The text cut wherever a span begins or ends, each piece in the dress of the spans over it.
function marked(letters, claims) {
  const spans = claims.flatMap((claim, number) => [
    ...claim.content.map((span) => ({ span, number, stance: claim.stance })),
    ...claim.cue.map((span) => ({ span, dress: "cue" })),
    ...claim.speaker.mention.map((span) => ({ span, dress: "mention" })),
  ]);
  const cuts = new Set([0, letters.length, ...spans.flatMap(({ span }) => span)]);
  const places = [...cuts].sort((a, b) => a - b);
  const begun = new Set();
  return places.slice(0, -1).flatMap((start, index) => {
    const words = letters.slice(start, places[index + 1]).join("");
    const over = spans.filter(({ span }) => span[0] <= start && start < span[1]);
    const content = over.filter(({ stance }) => stance);
    const dress = [...new Set(over.map((one) => one.dress).filter(Boolean))].join(" ");
    if (!content.length) return dress ? make("span", dress, words) : words;
    const piece = make("mark", `${stanceClass(content[0].stance)} ${dress}`, words);
    piece.title = content.map(({ stance }) => stance).join(", ");
    piece.dataset.claims = content.map(({ number }) => number).join(" ");
    const anchors = content.map(({ number }) => number).filter((number) => !begun.has(number));
    for (const number of anchors) begun.add(number);
    return [...anchors.map(anchor), piece];
  });
}

// Two claims may begin at the same letter, and a piece has but one id.
function anchor(number) {
  const place = make("span", "anchor");
  place.id = `claim-${number}`;
  return place;
}

function stanceClass(stance) {
  return `stance stance-${stance.replace(/[^a-z0-9-]/gi, "-")}`;
}

function chip(stance, more = "", words = stance) {
  return make("span", `chip ${stanceClass(stance)} ${more}`, words);
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function make(tag, className = "", words = "") {
  const element = document.createElement(tag);
  if (className) element.className = className.trim();
  if (words) element.textContent = words;
  return element;
}
