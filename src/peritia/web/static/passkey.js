// Passkeys. The page asks the server, the browser asks the device, the server checks the answer.
"use strict";

const post = async (form, path, fields) => {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, ...fields });
  const answer = await fetch(path, { method: "POST", body });
  return { ok: answer.ok, body: await answer.json() };
};

const say = (form, text) => { form.querySelector("[role=status]").textContent = text; };

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const made = form.dataset.passkey === "new";
    const path = made ? "/account/passkeys" : "/sign-in/passkey";
    try {
      const asked = await post(form, `${path}/ask`, {});
      const key = made
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.body) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.body) });
      const label = form.elements.label?.value ?? "";
      const done = await post(form, path, { answer: JSON.stringify(key.toJSON()), label });
      if (done.ok) location.assign(done.body.go); else say(form, done.body.message);
    } catch (error) {
      say(form, error.name === "NotAllowedError" ? "The device did not answer, or it was cancelled." : "This did not work. Use the password.");
    }
  });
}
