// What every page offers beside its content: keys and their list, a link to copy, plain tables as cards on a phone,
// and an honest word when an answer takes more than a second.
(function () {
  "use strict";
  var body = document.body;
  var one = function (selector, within) { return (within || document).querySelector(selector); };
  var all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };

  // The list of keys
  var keys = one("#keys");
  var show = function () { if (keys && keys.showModal && !keys.open) { keys.showModal(); } };
  all("[data-keys-open]").forEach(function (button) {
    if (!keys || !keys.showModal) { return; }
    button.hidden = false;
    button.addEventListener("click", show);
  });
  var typing = function (target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  };
  document.addEventListener("keydown", function (event) {
    if (body.dataset.shortcuts !== "on" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if (keys && keys.open) { return; }
    if (event.key === "?") { event.preventDefault(); show(); }
    else if (event.key === "h") { var help = one("[data-help]"); if (help) { window.location.href = help.href; } }
    else if (event.key === "f") {
      var filters = one("[data-filters-toggle]:not([hidden])");
      if (filters) { event.preventDefault(); filters.click(); }
    } else if (event.key === "j" || event.key === "k") {
      var hits = all(".search-hits a");
      if (hits.length) { event.preventDefault(); step(hits, event.key === "j" ? 1 : -1); }
    }
  });
  // Arrows go from the search field through what was found, and back
  var step = function (hits, by) {
    var next = hits.indexOf(document.activeElement) + by;
    if (next < 0) { var field = one("#page-search"); if (field) { field.focus(); } return; }
    hits[Math.min(next, hits.length - 1)].focus();
  };
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
    var hits = all(".search-hits a");
    if (!hits.length) { return; }
    if (event.target.type === "search" || hits.indexOf(event.target) >= 0) {
      event.preventDefault();
      step(hits, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  // The dashboard was looked at: noted by a request of its own, for reading a page writes nothing
  var look = one("[data-look]");
  if (look) {
    fetch(look.dataset.look, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": look.dataset.token }
    }).catch(function () { /* offline: the next look is noted instead */ });
  }

  // A link to what is shown, scope and filters included: the day too, or tomorrow it would show another
  function shownHere() {
    var link = new URL(window.location.href);
    all(".scope [name=as_of], .scope [name=unit]").forEach(function (field) {
      if (field.value && !link.searchParams.has(field.name)) { link.searchParams.set(field.name, field.value); }
    });
    return link.href;
  }
  all("[data-copy-link]").forEach(function (button) {
    if (!navigator.clipboard) { return; }
    var said = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(shownHere()).then(function () {
        button.textContent = "Link copied";
        window.setTimeout(function () { button.textContent = said; }, 3000);
      });
    });
  });

  // A plain table is a row of cards on a phone: each cell says its heading
  var plain = ".table-wrap > table.data:not(.cards):not(.compact)";
  var toCards = function (table) {
    var heads = all("thead tr:last-child > th", table);
    if (!heads.length || all("[colspan], [rowspan]", table).length) { return; }
    all("tbody tr, tfoot tr", table).forEach(function (row) {
      all("th, td", row).forEach(function (cell, at) {
        if (cell.tagName !== "TD" || !heads[at] || cell.hasAttribute("data-label")) { return; }
        cell.setAttribute("data-label", one(".visually-hidden", heads[at]) ? "" : heads[at].textContent.trim());
        if (cell.childNodes.length > 1) { // an amount and its currency stay together
          var whole = document.createElement("span");
          while (cell.firstChild) { whole.appendChild(cell.firstChild); }
          cell.appendChild(whole);
        }
      });
    });
    table.classList.add("cards");
    table.parentNode.classList.add("cards-wrap");
  };
  all(plain).forEach(toCards);
  document.addEventListener("rows-added", function () { all(plain).forEach(toCards); });

  // After a second without an answer the page says that it is at work
  var word = one("[data-at-work]");
  var waiting = null;
  var rest = function () {
    window.clearTimeout(waiting);
    if (word) { word.textContent = ""; word.classList.remove("on"); }
    all("[data-busy]").forEach(function (button) { button.removeAttribute("data-busy"); });
  };
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) { return; }
    var form = event.target;
    if (form.method === "dialog") { return; }
    if (form.hasAttribute("data-stays")) {
      // The answer is a file and the page stays: the form can be sent again in a moment.
      window.setTimeout(function () {
        delete form.dataset.sent;
        all("button[aria-disabled]", form).forEach(function (button) { button.removeAttribute("aria-disabled"); });
      }, 3000);
      return;
    }
    var button = event.submitter || one("button[type=submit]", form);
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      if (button) { button.setAttribute("data-busy", ""); }
      if (word) { word.textContent = "Working on it…"; word.classList.add("on"); }
    }, 1000);
  });
  window.addEventListener("pageshow", rest);
})();
