"""A person's view of one analysis: summary, claims coloured by stance, speakers."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipelines.article import Analysis, Claim

__all__ = ["COLOURS", "View"]

COLOURS = {
    "cooperation": "green",
    "support": "bright_green",
    "recognition": "cyan",
    "concession": "bright_cyan",
    "demand": "yellow",
    "concern": "bright_yellow",
    "accusation": "red",
    "rejection": "magenta",
    "denial": "bright_magenta",
    "threat": "bold bright_red",
    "coercion": "bold red",
    "statement": "white",
}


class View:
    """Prints analyses to standard output; ``named`` heads each with the file it came from."""

    def __init__(self, *, named: bool, console: Console | None = None) -> None:
        self.named = named
        self.console = console or Console(highlight=False)

    def show(self, analysis: Analysis) -> None:
        out = self.console
        if self.named:
            out.rule(escape(analysis.id or ""), align="left", style="dim")
        out.print("[bold]Summary[/bold]")
        out.print(Text(_clean(analysis.summary.text)))
        out.print()
        if analysis.claims:
            out.print(self._claims(analysis))
            out.print()
            self._speakers(analysis)
        else:
            out.print("[dim]Nobody is quoted: no claims were found.[/dim]")
        for warning in analysis.warnings:
            out.print(Text(f"! {warning}", style="yellow"))

    @staticmethod
    def _claims(analysis: Analysis) -> Table:
        table = Table(title="Claims", title_justify="left", title_style="bold", pad_edge=False)
        table.add_column("Speaker", ratio=3)
        table.add_column("Stance", no_wrap=True)
        table.add_column("About", ratio=2)
        table.add_column("Claim", ratio=8)
        table.add_column("", justify="right", no_wrap=True)
        for claim in analysis.claims:
            colour = COLOURS.get(claim.stance, "white")
            table.add_row(
                Text(_clean(" and ".join(claim.speaker.names)) or "nobody named"),
                Text(_stance(claim), style=colour),
                Text(_clean(", ".join(claim.targets))),
                Text(_clean(claim.text)),
                Text(f"{claim.confidence:.0%}", style="dim"),
            )
        return table

    def _speakers(self, analysis: Analysis) -> None:
        self.console.print("[bold]Speakers[/bold]")
        for speaker in analysis.speakers:
            stances = Counter(
                claim.stance for claim in analysis.claims if speaker.name in claim.speaker.names
            )
            line = Text(f"  {_clean(speaker.name)}")
            if speaker.role:
                line.append(f" ({_clean(speaker.role)})", style="dim")
            line.append(": ")
            for i, (stance, count) in enumerate(stances.most_common()):
                line.append(", " if i else "")
                line.append(
                    f"{stance} ×{count}" if count > 1 else stance,
                    style=COLOURS.get(stance, "white"),
                )
            self.console.print(line)


def _stance(claim: Claim) -> str:
    origin = {"speaker": " (makes it)", "other": " (sees it)", None: ""}[claim.threat_from]
    return claim.stance + origin


def _clean(text: str) -> str:
    """One line without control characters: an article must not steer the terminal."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())
