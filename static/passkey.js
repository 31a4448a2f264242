// Asks the browser for a passkey, or for a new one, and sends its answer as an ordinary form.
(function () {
  var zh = document.documentElement.lang.indexOf("zh") === 0;
  function say(form, words) { form.querySelector("[data-said]").textContent = words; }
  function wrong(error) {
    var name = error && error.name;
    if (name === "InvalidStateError") return zh ? "这台设备上已经有一个通行密钥。" : "This device has a passkey already.";
    if (name === "NotAllowedError" || name === "AbortError") return zh ? "没有完成。可以再试一次，或用别的方式。" : "That was not finished. Try again, or use another way.";
    return zh ? "这个浏览器用不了通行密钥。请用别的方式。" : "This browser cannot use passkeys here. Use another way.";
  }
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var lib = window.SimpleWebAuthnBrowser;
    if (!lib || !lib.browserSupportsWebAuthn()) { say(form, wrong(null)); return; }
    form.querySelector("button").hidden = false;
    form.querySelector("[data-else]").hidden = true;
    form.addEventListener("submit", function (event) {
      if (form.elements.answer.value) return;
      event.preventDefault();
      say(form, "");
      var options = { optionsJSON: JSON.parse(form.dataset.options) };
      var asked = form.dataset.passkey === "new" ? lib.startRegistration(options) : lib.startAuthentication(options);
      asked.then(function (answer) {
        form.elements.answer.value = JSON.stringify(answer);
        form.submit();
      }).catch(function (error) { say(form, wrong(error)); });
    });
  });
})();
