/* Tabs by role: one is in the order of Tab, the arrow keys go to the others. The document has the content of the
 * panel that is shown only, so that a name in it is there once. */

const kept = new Map();

function hide(panel) {
  if (!panel.hidden) kept.set(panel, [...panel.childNodes]);
  panel.hidden = true;
  panel.replaceChildren();
}

function reveal(panel) {
  panel.hidden = false;
  panel.replaceChildren(...(kept.get(panel) ?? []));
}

/**
 * Makes the tabs of a list work.
 * @param {HTMLElement} list the element with role=tablist
 * @param {(name: string, before: string|null) => void} chosen called when another tab is shown
 * @returns {(name: string) => void} shows a tab by its name
 */
export function makeTabs(list, chosen) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const nameOf = (tab) => tab.id.replace("tab-", "");
  let current = null;

  function show(name) {
    const wanted = tabs.find((tab) => nameOf(tab) === name);
    if (!wanted || name === current) return;
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === wanted));
      tab.tabIndex = tab === wanted ? 0 : -1;
      if (tab !== wanted) hide(document.getElementById(tab.getAttribute("aria-controls")));
    }
    reveal(document.getElementById(wanted.getAttribute("aria-controls")));
    const before = current;
    current = name;
    wanted.scrollIntoView({ block: "nearest", inline: "nearest" });
    chosen(name, before);
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) show(nameOf(tab));
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    show(nameOf(tab));
  });
  return show;
}
