"""What a view of the page shows, with all that is folded opened."""

from __future__ import annotations

from playwright.sync_api import Page


def unfolded(page: Page) -> Page:
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    return page


def text_of(page: Page) -> str:
    return " ".join(unfolded(page).inner_text("main").split())


def shown(page: Page, place: str) -> Page:
    """Go to another view of a page that is open."""
    page.evaluate(
        "place => new Promise(done => { addEventListener('hashchange', () => done(), {once: true});"
        " location.hash = place; setTimeout(done, 300); })",
        place,
    )
    return unfolded(page)


#: The list of cases.
CASES = "#view=cases"


def listed(page: Page) -> list[str]:
    """Return the ids of the cases that are listed, in their order."""
    return page.eval_on_selector_all(
        ".matrix tbody a[data-case]", "links => links.map(link => link.dataset.case)"
    )


def search(page: Page, text: str) -> list[str]:
    """Search for a text; return the ids of the cases that are listed then."""
    page.fill("#query", text)
    return listed(page)
