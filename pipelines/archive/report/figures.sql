-- figure: stances_over_time
-- Claims of each stance by month, or by year where there are more than 60 months.
WITH dated AS (
    SELECT a.id, regexp_extract(a.date, '^\d{4}-\d{2}') AS month
    FROM articles AS a
    WHERE regexp_matches(a.date, '^\d{4}-\d{2}')
),
span AS (
    SELECT if(count(DISTINCT month) > 60, 4, 7) AS letters FROM dated
)
SELECT left(d.month, span.letters) AS period, c.stance, count(*) AS claims
FROM dated AS d JOIN claims AS c ON c.article_id = d.id CROSS JOIN span
GROUP BY ALL
ORDER BY period, c.stance;

-- figure: speakers_by_targets
-- The stance that each of the busiest speakers takes most often toward each target.
WITH pairs AS (
    SELECT s.name AS speaker, t.name AS target, c.stance
    FROM claims AS c, unnest(c.speakers) AS s(name), unnest(c.targets) AS t(name)
),
busy AS (
    SELECT speaker FROM pairs GROUP BY speaker ORDER BY count(*) DESC, speaker LIMIT 15
),
aimed AS (
    SELECT target FROM pairs SEMI JOIN busy USING (speaker)
    GROUP BY target ORDER BY count(*) DESC, target LIMIT 15
),
counted AS (
    SELECT speaker, target, stance, count(*) AS n
    FROM pairs SEMI JOIN busy USING (speaker) SEMI JOIN aimed USING (target)
    GROUP BY ALL
)
SELECT speaker, target, arg_max(stance, (n, stance)) AS stance, sum(n)::BIGINT AS claims
FROM counted
GROUP BY speaker, target
ORDER BY speaker, target;

-- figure: who_talks_about_whom
-- The pairs of speaker and target with most claims, and what share of them is hostile.
SELECT
    s.name AS speaker,
    t.name AS target,
    count(*) AS claims,
    count(*) FILTER (c.polarity = 'negative') AS negative,
    count(*) FILTER (c.polarity = 'positive') AS positive
FROM claims AS c, unnest(c.speakers) AS s(name), unnest(c.targets) AS t(name)
GROUP BY ALL
ORDER BY claims DESC, speaker, target
LIMIT 30;

-- figure: top_claims
-- The claims of a stance that the model is surest of, with the text around them.
SELECT
    c.article_id,
    a.title,
    a.date,
    array_to_string(c.speakers, ' and ') AS speaker,
    c.stance,
    array_to_string(c.targets, ', ') AS targets,
    c.confidence,
    substr(a.text, greatest(c.content[1].start - 200, 0) + 1,
           least(c.content[1].start, 200)) AS before,
    c.text AS claim,
    substr(a.text, c.content[-1].end + 1, 200) AS after
FROM claims AS c JOIN articles AS a ON a.id = c.article_id
WHERE c.stance <> 'statement' AND len(c.speakers) > 0
ORDER BY c.confidence DESC, c.article_id, c.claim
LIMIT 50;

-- figure: summaries
-- The latest articles with their summaries.
SELECT id, title, date, summary, claims
FROM articles
WHERE summary IS NOT NULL
ORDER BY date DESC NULLS LAST, id
LIMIT 500;

-- figure: what_was_read
-- How many articles there are of each outcome and language.
SELECT
    coalesce(error_code, if(duplicate IS NULL, 'analysed', duplicate || ' duplicate')) AS outcome,
    coalesce(language, '–') AS language,
    count(*) AS articles
FROM articles
GROUP BY ALL
ORDER BY articles DESC, outcome, language;
