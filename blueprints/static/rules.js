// Dragging a rule to another place of the order; the buttons beside it do the same by keyboard.
(function () {
  "use strict";
  var table = document.querySelector("[data-rules]");
  if (!table) return;
  var rows = Array.prototype.slice.call(table.querySelectorAll("[data-rule]"));
  var held = null;

  rows.forEach(function (row) {
    if (!row.querySelector('input[name="to"]')) return;
    row.draggable = true;
    row.addEventListener("dragstart", function (event) {
      held = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.rule);
    });
    row.addEventListener("dragend", function () { held = null; });
    row.addEventListener("dragover", function (event) { if (held && held !== row) event.preventDefault(); });
    row.addEventListener("drop", function (event) {
      if (!held || held === row) return;
      event.preventDefault();
      var to = held.querySelector('input[name="to"]');
      to.value = row.dataset.rule;
      to.form.submit();
    });
  });
})();
