// Moving through the queue by keys: j and k move, a accepts, c chooses, n not marketing, l later.
(function () {
  "use strict";
  var list = document.querySelector("[data-queue]");
  if (!list || document.body.dataset.shortcuts !== "on") return;
  var items = Array.prototype.slice.call(list.querySelectorAll("[data-item]"));
  var at = -1;

  function go(to) {
    if (!items.length) return;
    at = Math.max(0, Math.min(items.length - 1, to));
    items[at].focus();
    items[at].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    var tag = event.target.tagName;
    if (event.ctrlKey || event.metaKey || event.altKey || tag === "INPUT" || tag === "SELECT" || tag === "TEXTAREA") return;
    var inside = event.target.closest ? event.target.closest("[data-item]") : null;
    if (inside) at = items.indexOf(inside);
    if (event.key === "j") { go(at + 1); event.preventDefault(); return; }
    if (event.key === "k") { go(at - 1); event.preventDefault(); return; }
    if (at < 0) return;
    var target = items[at].querySelector('[data-key="' + event.key + '"]');
    if (target) { event.preventDefault(); target.click(); }
  });
})();
