// Asks security keys, and shows times in the reader's own zone. All else works without a script.
(() => {
  'use strict';

  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  for (const time of document.querySelectorAll('time')) {
    time.textContent = format.format(new Date(time.dateTime));
  }

  // A screen reader begins with what went wrong.
  const alert = document.getElementById('alert');
  if (alert) {
    alert.focus();
  }

  const form = document.querySelector('form[data-key]');
  if (!form) {
    return;
  }
  const adding = form.dataset.key === 'create';
  const waiting = document.getElementById('waiting');
  const stop = document.getElementById('stop');
  const use = form.querySelector('button[type=submit]');
  const OTHER_ERROR = 1; // the error codes of U2F, which the server knows
  const DEVICE_INELIGIBLE = 4;
  const TIMEOUT = 5;
  const PATIENCE = 120_000; // less than the server's, which takes no word after that
  let asked = null;
  let leaving = false;

  if (!window.PublicKeyCredential || !navigator.credentials) {
    use.disabled = true;
    document.getElementById('unsupported').hidden = false;
    return;
  }

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const named = (list) => list && list.map((one) => ({ ...one, id: bytes(one.id) }));

  // Browsers of before 2025 leave the conversion between JSON and bytes to the page.
  function parsed(json) {
    if (adding) {
      return PublicKeyCredential.parseCreationOptionsFromJSON
        ? PublicKeyCredential.parseCreationOptionsFromJSON(json)
        : {
            ...json,
            challenge: bytes(json.challenge),
            user: { ...json.user, id: bytes(json.user.id) },
            excludeCredentials: named(json.excludeCredentials),
          };
    }
    return PublicKeyCredential.parseRequestOptionsFromJSON
      ? PublicKeyCredential.parseRequestOptionsFromJSON(json)
      : { ...json, challenge: bytes(json.challenge), allowCredentials: named(json.allowCredentials) };
  }

  function written(credential) {
    if (credential.toJSON) {
      return JSON.stringify(credential);
    }
    const from = credential.response;
    const response = { clientDataJSON: text(from.clientDataJSON) };
    if (adding) {
      response.attestationObject = text(from.attestationObject);
      response.transports = from.getTransports ? from.getTransports() : [];
    } else {
      response.authenticatorData = text(from.authenticatorData);
      response.signature = text(from.signature);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  }

  // Browsers say NotAllowedError to nearly everything, so that pages learn little: the time tells the rest.
  function code(error, options, started) {
    if (adding && error.name === 'InvalidStateError') {
      return DEVICE_INELIGIBLE;
    }
    const timedOut = options && performance.now() - started >= options.timeout;
    return error.name === 'NotAllowedError' && timedOut ? TIMEOUT : OTHER_ERROR;
  }

  async function ask() {
    asked = new AbortController();
    use.disabled = true;
    stop.hidden = false;
    waiting.textContent = waiting.dataset.words;
    const started = performance.now();
    let options;
    let answer;
    try {
      options = parsed(JSON.parse(form.dataset.request));
      options.timeout = Math.min(options.timeout || PATIENCE, PATIENCE);
      const all = { publicKey: options, signal: asked.signal };
      answer = written(await (adding ? navigator.credentials.create(all) : navigator.credentials.get(all)));
    } catch (error) {
      answer = JSON.stringify({ errorCode: code(error, options, started) });
    }
    if (!leaving) {
      form.elements.response.value = answer;
      form.submit();
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!asked) {
      ask();
    }
  });
  stop.addEventListener('click', () => asked.abort());
  // Whoever goes elsewhere, to another second factor say, has not failed.
  addEventListener('beforeunload', () => {
    leaving = true;
  });
  if (form.dataset.start === 'now') {
    ask();
  }
})();
