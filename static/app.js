// The one script of our own: says so when the server could not be reached, where htmx would stay silent.
document.addEventListener("htmx:error", function () {
  var place = document.getElementById("notice");
  var zh = document.documentElement.lang.indexOf("zh") === 0;
  if (place) place.textContent = zh ? "没有连上服务器。请检查网络，再试一次。" : "We could not reach the server. Check your connection and try again.";
});
// Where there is a script, a "print" link prints; without it the link is an ordinary one to this page.
document.addEventListener("click", function (event) {
  var link = event.target.closest("[data-print]");
  if (!link) return;
  event.preventDefault();
  window.print();
});
