/* A field for a person: hits come by htmx; here they are walked by keys and taken into the field. */
(() => {
  "use strict";
  const parts = (element) => {
    const box = element.closest("[data-person]");
    return box && { box, field: box.querySelector("input"), hits: box.querySelector(".hits") };
  };
  const buttons = (hits) => [...hits.querySelectorAll("[data-pick]")];
  function clear({ field, hits }) {
    hits.replaceChildren();
    field.setAttribute("aria-expanded", "false");
  }
  function take(found, button) {
    found.field.value = button.dataset.pick;
    clear(found);
    found.field.focus();
    found.field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("mousedown", (event) => event.target.closest?.(".hits") && event.preventDefault());
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-pick]");
    const found = button && parts(button);
    if (found) take(found, button);
  });
  document.addEventListener("keydown", (event) => {
    const found = event.target.matches?.("[data-person] input") && parts(event.target);
    if (!found) return;
    const all = buttons(found.hits);
    const here = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") return clear(found);
    if (event.key === "Enter" && all.length) {
      event.preventDefault();
      return take(found, all[Math.max(here, 0)]);
    }
    if (!all.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const next = (here + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length;
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === next)));
    all[next].scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("focusout", ({ target }) => {
    const found = target.closest?.("[data-person]") && parts(target);
    if (found) setTimeout(() => found.box.contains(document.activeElement) || clear(found), 0);
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const found = target.matches?.(".hits") && parts(target);
    if (!found) return;
    if (document.activeElement !== found.field) return clear(found);
    found.field.setAttribute("aria-expanded", String(buttons(found.hits).length > 0));
  });
})();
