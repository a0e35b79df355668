/* The table of targets: rows come and go, the weight meter follows what is typed, unsaved changes are kept from being lost.
   The server reckons again when it saves; here whole hundredths are added. */
(() => {
  "use strict";
  const form = document.querySelector("[data-targets]");
  if (!form) return;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const total = form.querySelector("[name$=TOTAL_FORMS]");
  const cents = (text) => Math.round((Number(String(text).replace(",", ".")) || 0) * 100);
  const shown = (value) => String(value / 100);
  let dirty = false;

  const isGone = (row) => row.querySelector("[name$=DELETE]")?.checked;
  function sums() {
    const found = {};
    for (const row of all("[data-rows] [data-row]", form)) {
      if (!isGone(row)) found[row.dataset.part] = (found[row.dataset.part] ?? 0) + cents(row.querySelector("[data-weight]").value);
    }
    for (const box of all("input[name=add]:checked", form)) found[box.dataset.part] = (found[box.dataset.part] ?? 0) + cents(box.dataset.weightOf);
    return found;
  }
  function meter() {
    const found = sums();
    for (const box of all("[data-meter]")) {
      const have = box.dataset.meter.split(" ").reduce((sum, part) => sum + (found[part] ?? 0), 0);
      const want = cents(box.dataset.wanted);
      const gap = want - have;
      const state = gap === 0 ? "even" : gap > 0 ? "short" : "over";
      box.classList.remove("even", "short", "over");
      box.classList.add(state);
      box.querySelector("[data-found]").textContent = shown(have);
      box.querySelector("[data-say]").textContent = box.dataset[state].replace("%n", shown(Math.abs(gap)));
      box.querySelector("rect + rect").setAttribute("width", `${want ? Math.min(100, (have / want) * 100) : 0}%`);
    }
  }
  function changed() {
    dirty = true;
    const box = document.querySelector("[data-dirty]");
    if (box) box.textContent = box.dataset.dirty;
    meter();
  }

  function ready(row) {
    const button = row.querySelector("[data-row-remove]");
    button.hidden = false;
    row.querySelector("[data-no-js]").hidden = true;
  }
  all("[data-rows] [data-row]", form).forEach(ready);
  all("[data-row-add]", form).forEach((button) => (button.hidden = false));

  document.addEventListener("click", ({ target }) => {
    const add = target.closest("[data-row-add]");
    if (add) {
      const part = add.dataset.rowAdd;
      const place = Number(total.value);
      const copy = form.querySelector(`[data-row-of="${part}"]`).content.firstElementChild.cloneNode(true);
      for (const field of copy.querySelectorAll("[name], [id], [for]")) {
        for (const name of ["name", "id", "for"]) {
          const value = field.getAttribute(name);
          if (value) field.setAttribute(name, value.replace("__prefix__", place));
        }
      }
      total.value = place + 1;
      form.querySelector(`[data-rows="${part}"]`).append(copy);
      add.closest("section").querySelector("[data-none]")?.remove();
      ready(copy);
      copy.querySelector("input:not([type=hidden])").focus();
      changed();
    }
    const remove = target.closest("[data-row-remove]");
    if (remove) {
      const row = remove.closest("[data-row]");
      row.querySelector("[name$=DELETE]").checked = true;
      row.hidden = true;
      changed();
    }
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
  meter();
})();
