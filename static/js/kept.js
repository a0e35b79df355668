/* What was typed into a form that was refused stands in it again. Hidden fields stay as the page has them now. */
(() => {
  "use strict";
  const { action, fields } = JSON.parse(document.getElementById("kp-kept").textContent);
  const left = Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]]));
  for (const form of document.forms) {
    // A field may be called "action" or "method" and hide the form's own.
    const [target, method] = ["action", "method"].map((name) => form.getAttribute(name) ?? "");
    if (method.toLowerCase() !== "post" || new URL(target, location.href).pathname !== action) continue;
    for (const field of form.elements) {
      if (!(field.name in left) || ["hidden", "file", "password", "submit", "button"].includes(field.type)) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = left[field.name].includes(field.value);
      else if (field.multiple) [...field.options].forEach((one) => (one.selected = left[field.name].includes(one.value)));
      else if (left[field.name].length) field.value = left[field.name].shift();
      else continue;
      for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    }
  }
})();
