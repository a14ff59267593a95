// Looks up catalogue products while a person types; without scripts the form searches on its button.
(function () {
  "use strict";
  var input = document.querySelector("[data-suggest]");
  if (!input) return;
  var into = document.getElementById(input.dataset.suggestInto);
  var timer = 0;
  var last = input.value;

  function cell(tag, content, className) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (typeof content === "string") node.textContent = content;
    else if (content) node.appendChild(content);
    return node;
  }

  function action(item) {
    if (item.owned) {
      var link = document.createElement("a");
      link.href = item.owned;
      link.textContent = "in the inventory";
      return link;
    }
    var button = document.createElement("button");
    button.type = "submit";
    button.name = "product_id";
    button.value = item.id;
    button.className = "btn btn-quiet btn-sm";
    button.textContent = "Add";
    button.setAttribute("aria-label", "Add " + item.name);
    return button;
  }

  function show(items) {
    into.replaceChildren();
    if (!items.length) {
      into.appendChild(cell("p", "The catalogue has nothing like it. Enter it by hand."));
      return;
    }
    var table = cell("table", null, "data");
    var head = cell("thead");
    var row = cell("tr");
    ["Product", "Vendor", "Category", "Capabilities", ""].forEach(function (text, index) {
      var th = cell("th", text, index === 3 ? "number" : "");
      th.scope = "col";
      if (!text) th.appendChild(cell("span", "Add", "visually-hidden"));
      row.appendChild(th);
    });
    head.appendChild(row);
    table.appendChild(head);
    var body = cell("tbody");
    items.forEach(function (item) {
      var line = cell("tr");
      var name = cell("th", item.name);
      name.scope = "row";
      line.appendChild(name);
      line.appendChild(cell("td", item.vendor));
      line.appendChild(cell("td", item.category));
      line.appendChild(cell("td", String(item.capabilities), "number"));
      line.appendChild(cell("td", action(item)));
      body.appendChild(line);
    });
    table.appendChild(body);
    var wrap = cell("div", table, "table-wrap");
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "region");
    wrap.setAttribute("aria-label", "Catalogue products found");
    into.appendChild(wrap);
    document.dispatchEvent(new Event("rows-added"));
  }

  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      var text = input.value.trim();
      if (text === last || text.length < 2) return;
      last = text;
      fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text), { credentials: "same-origin" })
        .then(function (response) { return response.ok ? response.json() : []; })
        .then(function (items) { if (input.value.trim() === text) show(items); });
    }, 180);
  });
})();
