package org.u2f4j.examples.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.Prompt;
import org.u2f4j.examples.account.RefusedException;
import org.u2f4j.examples.account.SecurityKey;
import org.u2f4j.examples.account.SecurityKeys;
import org.u2f4j.verifier.Anomaly;

/** The account's security keys: looking at them, adding, renaming and removing one. */
final class KeyPages {
  private static final String LIST = "/keys";

  private final Accounts accounts;
  private final SecurityKeys keys;

  KeyPages(Accounts accounts) {
    this.accounts = accounts;
    this.keys = accounts.keys();
  }

  private Page page(Visit visit, String template, String title) throws RefusedException {
    return new Page(visit, template, title).of(accounts.profile().overview(visit.session()));
  }

  Reply list(Visit visit) throws RefusedException {
    List<Map<String, Object>> shown =
        keys.list(visit.session()).stream().map(KeyPages::shown).toList();
    return page(visit, "keys", "Security keys")
        .put("keys", shown)
        .put("none", shown.isEmpty())
        .reply();
  }

  private static Map<String, Object> shown(SecurityKey key) {
    Map<String, Object> shown = new HashMap<>();
    shown.put("id", key.id());
    shown.put("name", key.name());
    shown.put("vendor", Shown.optional(key.vendor()));
    shown.put("model", Shown.optional(key.model()));
    shown.put("unknown", key.vendor() == null && key.model() == null);
    shown.put("addedAt", Shown.time(key.addedAt()));
    shown.put("lastUsedAt", Shown.optionalTime(key.lastUsedAt()));
    @Nullable Long counter = key.registration().counter();
    shown.put("counter", counter == null ? "no signature yet" : "at " + counter);
    @Nullable Anomaly warning = key.warning();
    shown.put(
        "warning",
        warning == null
            ? false
            : Map.of(
                "at", Shown.time(warning.at()), "verdict", warning.verdict().toString()));
    return shown;
  }

  /** A page about one key. */
  private Page pageOf(Visit visit, String id, String template, String title)
      throws RefusedException {
    return page(visit, template, title).put("key", shown(keys.find(visit.session(), id)));
  }

  Reply addPage(Visit visit) throws RefusedException {
    accounts.profile().requireProof(visit.session());
    return nameForm(visit).reply();
  }

  private Page nameForm(Visit visit) throws RefusedException {
    return page(visit, "key-add", "Add a security key").put("name", visit.value("name"));
  }

  /** The name is chosen: now the key is asked for. */
  Reply add(Visit visit) throws RefusedException {
    try {
      return touchForm(visit, true).reply();
    } catch (RefusedException e) {
      return nameForm(visit).refused(e).reply();
    }
  }

  private Page touchForm(Visit visit, boolean atOnce) throws RefusedException {
    String name = visit.form.value("name");
    Prompt prompt = keys.startAdd(visit.session(), name);
    return page(visit, "key-touch", "Insert and touch your security key")
        .put("name", name.strip())
        .put("ceremony", prompt.ceremony())
        .put("request", prompt.requestJson())
        .put("start", atOnce ? "now" : "later");
  }

  Reply touch(Visit visit) throws RefusedException {
    String response = visit.form.value("response");
    try {
      SecurityKey key = keys.finishAdd(
          visit.client,
          visit.session(),
          visit.form.value("ceremony"),
          response.isEmpty() ? SignInPages.NO_ANSWER : response);
      return visit.redirect("/keys/" + key.id() + "/added");
    } catch (RefusedException e) {
      try {
        return touchForm(visit, false).refused(e).reply();
      } catch (RefusedException again) { // perhaps the name is taken by now
        return nameForm(visit).refused(again).reply();
      }
    }
  }

  Reply added(Visit visit, String id) throws RefusedException {
    Profile.Overview overview = accounts.profile().overview(visit.session());
    return pageOf(visit, id, "key-added", "Your security key was successfully registered")
        .put("noCodes", overview.recoveryCodesLeft() == 0)
        .reply();
  }

  Reply renamePage(Visit visit, String id) throws RefusedException {
    return renameForm(visit, id).reply();
  }

  private Page renameForm(Visit visit, String id) throws RefusedException {
    String typed = visit.form.value("name");
    return pageOf(visit, id, "key-rename", "Rename a security key")
        .put("typed", typed.isEmpty() ? keys.find(visit.session(), id).name() : typed);
  }

  Reply rename(Visit visit, String id) throws RefusedException {
    try {
      keys.rename(visit.client, visit.session(), id, visit.form.value("name"));
      return visit.redirect(LIST, Notice.KEY_RENAMED);
    } catch (RefusedException e) {
      return renameForm(visit, id).refused(e).reply();
    }
  }

  Reply removePage(Visit visit, String id) throws RefusedException {
    accounts.profile().requireProof(visit.session());
    return pageOf(visit, id, "key-remove", "Remove this security key?").reply();
  }

  Reply remove(Visit visit, String id) throws RefusedException {
    try {
      keys.remove(visit.client, visit.session(), id);
      visit.delete(Cookie.DEVICE);
      return visit.redirect(LIST, Notice.KEY_REMOVED);
    } catch (RefusedException e) {
      return pageOf(visit, id, "key-remove", "Remove this security key?")
          .refused(e)
          .reply();
    }
  }

  Reply clearPage(Visit visit, String id) throws RefusedException {
    accounts.profile().requireProof(visit.session());
    return pageOf(visit, id, "key-clear", "Clear the warning about this security key?")
        .reply();
  }

  Reply clear(Visit visit, String id) throws RefusedException {
    keys.clearWarning(visit.client, visit.session(), id);
    return visit.redirect(LIST, Notice.KEY_CLEARED);
  }
}
