// Adding passkeys and signing in by them: the server asks, the person's device answers. Without it, a password works.
"use strict";
(() => {
  const place = document.querySelector("#passkeys");
  if (!place || !window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  const button = place.querySelector("button"), name = place.querySelector("input");
  const said = place.querySelector("output"), token = place.dataset.token;
  const path = token ? "/api/v1/passkeys" : "/api/v1/session/passkey";
  place.hidden = false;

  async function ask(where, body) {
    const headers = {"Content-Type": "application/json", "X-Form-Token": token};
    const answer = await fetch(where, {method: "POST", headers, body: body && JSON.stringify(body)});
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail + " — " + told.hint);
    return told;
  }

  async function add() {
    // Before the device is asked: it would keep a passkey that the server refuses.
    if (!name.value.trim()) throw new Error("Say first what the device is called.");
    const asked = PublicKeyCredential.parseCreationOptionsFromJSON(await ask(path + "/options"));
    const made = await navigator.credentials.create({publicKey: asked});
    await ask(path, {name: name.value, credential: made.toJSON()});
    location.href = "/settings";
  }

  async function signIn() {
    const asked = PublicKeyCredential.parseRequestOptionsFromJSON(await ask(path + "/options"));
    const proof = await navigator.credentials.get({publicKey: asked});
    await ask(path, {credential: proof.toJSON()});
    location.href = "/";
  }

  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    try {
      await (token ? add() : signIn());
    } catch (error) {
      said.textContent = error.name === "NotAllowedError" ? "The device did not answer, or nobody allowed it." : error.message;
      button.disabled = false;
    }
  });
})();
