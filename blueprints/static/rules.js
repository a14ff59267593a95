// Dragging a rule to another place of the order; the buttons beside it do the same by keyboard.
(function () {
  "use strict";
  var table = document.querySelector("[data-rules]");
  if (!table) return;
  var rows = Array.prototype.slice.call(table.querySelectorAll("[data-rule]"));
  var held = null;

  // After a move by keyboard the same button is under the fingers again, or the other one at either end of the order.
  var moved = /^#(rule-\d+)(-up|-down)?$/.exec(window.location.hash);
  if (moved && moved[2]) {
    var row = document.getElementById(moved[1]);
    var button = document.getElementById(moved[1] + moved[2]) || (row && row.querySelector(".row-actions button"));
    if (button) button.focus();
  }

  function over(row) {
    rows.forEach(function (each) { each.classList.toggle("drop", each === row); });
  }

  rows.forEach(function (row) {
    if (!row.querySelector('input[name="to"]')) return;
    row.draggable = true;
    row.addEventListener("dragstart", function (event) {
      held = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.rule);
    });
    row.addEventListener("dragend", function () { held = null; over(null); });
    row.addEventListener("dragover", function (event) {
      if (!held || held === row) return;
      event.preventDefault();
      over(row);
    });
    row.addEventListener("drop", function (event) {
      if (!held || held === row) return;
      event.preventDefault();
      var to = held.querySelector('input[name="to"]');
      to.value = row.dataset.rule;
      to.form.querySelector('input[name="by"]').value = "";
      to.form.submit();
    });
  });
})();
