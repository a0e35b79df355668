/* Before the first paint: the chosen theme, else the system's. The choice is a cookie, so the server writes it too. */
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (document.cookie.match(/(?:^|; )kp_theme=(light|dark)/) || [])[1];
  const apply = () => root.setAttribute("data-bs-theme", chosen() || (dark.matches ? "dark" : "light"));
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("kp:theme", (event) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const age = event.detail === "auto" ? 0 : 31536000;
    document.cookie = `kp_theme=${event.detail}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    apply();
  });
})();
