// Comfort on top of pages that work without it: rows that open, menus that close, shortcuts, the running import.
(function () {
  "use strict";
  var body = document.body;
  var one = function (selector, within) { return (within || document).querySelector(selector); };
  var all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };

  // Navigation
  var toggle = one("[data-nav-toggle]");
  if (toggle) {
    toggle.addEventListener("click", function () {
      var phone = window.matchMedia("(max-width: 767px)").matches;
      var open = phone ? body.classList.toggle("nav-open") : !body.classList.toggle("nav-collapsed");
      toggle.setAttribute("aria-expanded", String(open));
    });
  }

  // Menus close on Escape and on a click elsewhere
  document.addEventListener("click", function (event) {
    all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    all("details.menu[open], details.pick[open]").forEach(function (menu) {
      var inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside || menu.classList.contains("menu")) { one("summary", menu).focus(); }
    });
  });

  // Forms that send themselves when a choice changes
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-send-on-change")) { form.requestSubmit(); }
    else if (form && event.target.hasAttribute("data-send-on-change")) { form.requestSubmit(); }
  });
  // A GET form sends only what is filled in, so that addresses stay short
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method === "dialog") { return; }
    if (form.method === "get") {
      all("input, select", form).concat(form.id ? all("[form='" + form.id + "']") : []).forEach(function (field) {
        if (field.name && field.value === "") { field.disabled = true; }
      });
    } else if (form.dataset.sent) {
      event.preventDefault();
    } else {
      form.dataset.sent = "yes";
      all("button[type=submit]", form).forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    }
  });
  window.addEventListener("pageshow", function () {
    all("form").forEach(function (form) {
      delete form.dataset.sent;
      all("button[aria-disabled]", form).forEach(function (button) { button.removeAttribute("aria-disabled"); });
      if (form.method === "get") { all("input[disabled], select[disabled]", form).forEach(function (field) { field.disabled = false; }); }
    });
  });

  // A row opens where its link leads
  document.addEventListener("click", function (event) {
    var row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, select, label, summary") || String(window.getSelection())) { return; }
    if (event.ctrlKey || event.metaKey) { window.open(row.dataset.href, "_blank", "noopener"); }
    else { window.location.href = row.dataset.href; }
  });

  // Single-key shortcuts, which a person can switch off
  document.addEventListener("keydown", function (event) {
    if (body.dataset.shortcuts !== "on" || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var tag = event.target.tagName;
    if (tag === "INPUT" || tag === "TEXTAREA" || tag === "SELECT" || event.target.isContentEditable) { return; }
    if (event.key === "/") {
      var search = one("#quick-search");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "j" || event.key === "k") {
      var links = all(".data tbody .opens.primary");
      if (!links.length) { return; }
      var now = links.indexOf(document.activeElement);
      var next = event.key === "j" ? Math.min(now + 1, links.length - 1) : Math.max(now - 1, 0);
      event.preventDefault();
      links[next].focus();
    }
  });

  // Filters of a table
  all("[data-filters-toggle]").forEach(function (button) {
    var row = document.getElementById(button.getAttribute("aria-controls"));
    if (!row) { return; }
    button.hidden = false;
    if (!row.hasAttribute("data-active")) { row.hidden = true; }
    button.setAttribute("aria-expanded", String(!row.hidden));
    button.addEventListener("click", function () {
      row.hidden = !row.hidden;
      button.setAttribute("aria-expanded", String(!row.hidden));
      if (!row.hidden) { var field = one("summary, input, select", row); if (field) { field.focus(); } }
    });
  });

  // Copy a link that is shown once
  all("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var field = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(field.value).then(function () { button.textContent = "Copied"; });
    });
  });
  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  // Rows and notes are printed unfolded; a chart's table and the manual's text where the reader opened them
  window.addEventListener("beforeprint", function () { all("details.method:not(:has(.of-manual)), details.section, details.more").forEach(function (part) { part.open = true; }); });

  // A running import
  var running = one("[data-running]");
  if (running) {
    var wait = 4000;
    var ask = function () {
      if (document.hidden) { window.setTimeout(ask, wait); return; }
      fetch(running.dataset.running, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (state) {
          if (!state) { return; }
          running.hidden = state.count === 0;
          one("[data-running-text]", running).textContent = state.text;
          if (state.count === 0) { wait = Math.min(wait * 2, 60000); } else { wait = 2000; }
          window.setTimeout(ask, wait);
        })
        .catch(function () { wait = Math.min(wait * 2, 60000); window.setTimeout(ask, wait); });
    };
    window.setTimeout(ask, running.hidden ? wait : 1500);
  }
})();
