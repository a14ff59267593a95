// Runs before the page is painted: "auto" follows the system's light or dark.
(function () {
  "use strict";
  var root = document.documentElement;
  if (root.dataset.themeChoice !== "auto") { return; }
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() { root.dataset.bsTheme = dark.matches ? "dark" : "light"; }
  dark.addEventListener("change", follow);
  follow();
})();
