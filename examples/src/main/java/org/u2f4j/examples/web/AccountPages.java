package org.u2f4j.examples.web;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.AuthenticatorApp;
import org.u2f4j.examples.account.Event;
import org.u2f4j.examples.account.Factor;
import org.u2f4j.examples.account.Profile;
import org.u2f4j.examples.account.RefusedException;

/** All of the account but its keys. */
final class AccountPages {
  private final Accounts accounts;

  AccountPages(Accounts accounts) {
    this.accounts = accounts;
  }

  private Profile.Overview look(Visit visit) throws RefusedException {
    return accounts.profile().overview(visit.session());
  }

  private void requireProof(Visit visit) throws RefusedException {
    accounts.profile().requireProof(visit.session());
  }

  private Page page(Visit visit, String template, String title) throws RefusedException {
    Profile.Overview overview = look(visit);
    int codes = overview.recoveryCodesLeft();
    return new Page(visit, template, title)
        .of(overview)
        .put("twoFactor", overview.twoFactor())
        .put("hasApp", overview.factors().contains(Factor.APP))
        .put("hasKey", overview.factors().contains(Factor.KEY))
        .put("codes", codes == 0 ? "none" : String.valueOf(codes))
        .put("hasCodes", codes > 0);
  }

  Reply overview(Visit visit) throws RefusedException {
    List<Map<String, Object>> warnings = look(visit).warnings().stream()
        .map(key -> Map.<String, Object>of("name", key.name()))
        .toList();
    int keys = accounts.keys().list(visit.session()).size();
    int devices = accounts.devices().list(visit.session()).size();
    return page(visit, "account", "Your account")
        .put("keys", keys == 0 ? "none" : String.valueOf(keys))
        .put("devices", devices == 0 ? "none" : String.valueOf(devices))
        .put("warnings", warnings)
        .reply();
  }

  Reply app(Visit visit) throws RefusedException {
    return page(visit, "app", "Authenticator app").reply();
  }

  Reply addAppPage(Visit visit) throws RefusedException {
    AuthenticatorApp.SetUp setUp = accounts.app().start(visit.session());
    String secret = setUp.secret().replaceAll("(.{4})(?=.)", "$1 ");
    return addAppForm(visit, setUp.ceremony())
        .put(
            "setUp",
            Map.of(
                "secret", secret, "uri", setUp.uri(), "qrCode", setUp.qrCode().svg()))
        .reply();
  }

  private Page addAppForm(Visit visit, String ceremony) throws RefusedException {
    return page(visit, "app-add", "Set up your authenticator app")
        .put("ceremony", ceremony)
        .put("setUp", false); // shown once
  }

  Reply addApp(Visit visit) throws RefusedException {
    String ceremony = visit.form.value("ceremony");
    try {
      accounts.app().finish(visit.client, visit.session(), ceremony, visit.form.value("code"));
      return visit.redirect("/app", Notice.APP_ADDED);
    } catch (RefusedException e) {
      return addAppForm(visit, ceremony).refused(e).reply();
    }
  }

  Reply removeAppPage(Visit visit) throws RefusedException {
    requireProof(visit);
    return removeAppForm(visit).reply();
  }

  private Page removeAppForm(Visit visit) throws RefusedException {
    return page(visit, "app-remove", "Remove the authenticator app?");
  }

  Reply removeApp(Visit visit) throws RefusedException {
    try {
      accounts.app().remove(visit.client, visit.session());
      visit.delete(Cookie.DEVICE);
      return visit.redirect("/app", Notice.APP_REMOVED);
    } catch (RefusedException e) {
      return removeAppForm(visit).refused(e).reply();
    }
  }

  Reply recovery(Visit visit) throws RefusedException {
    return page(visit, "recovery", "Recovery codes").put("made", false).reply();
  }

  /** Shown in the answer to the form: the codes are nowhere to be had again. */
  Reply makeRecoveryCodes(Visit visit) throws RefusedException {
    try {
      List<String> made = accounts.recoveryCodes().make(visit.client, visit.session());
      return page(visit, "recovery", "Recovery codes")
          .put("made", Map.of("list", made))
          .reply();
    } catch (RefusedException e) {
      return page(visit, "recovery", "Recovery codes")
          .put("made", false)
          .refused(e)
          .reply();
    }
  }

  Reply devices(Visit visit) throws RefusedException {
    List<Map<String, Object>> devices = accounts.devices().list(visit.session()).stream()
        .map(device -> Map.<String, Object>of(
            "id", device.id(),
            "name", device.name(),
            "rememberedAt", Shown.time(device.rememberedAt()),
            "lastUsedAt", Shown.time(device.lastUsedAt()),
            "expiresAt", Shown.time(device.expiresAt())))
        .toList();
    return page(visit, "devices", "Remembered devices")
        .put("devices", devices)
        .put("none", devices.isEmpty())
        .reply();
  }

  Reply revoke(Visit visit, String id) throws RefusedException {
    accounts.devices().revoke(visit.client, visit.session(), id);
    return visit.redirect("/devices", Notice.DEVICE_REVOKED);
  }

  Reply revokeAll(Visit visit) throws RefusedException {
    accounts.devices().revokeAll(visit.client, visit.session());
    visit.delete(Cookie.DEVICE);
    return visit.redirect("/devices", Notice.DEVICES_REVOKED);
  }

  Reply history(Visit visit) throws RefusedException {
    List<Map<String, Object>> events = accounts.history().list(visit.session()).stream()
        .map(AccountPages::shown)
        .toList();
    return page(visit, "history", "History").put("events", events).reply();
  }

  static Map<String, Object> shown(Event event) {
    @Nullable Factor factor = event.factor();
    @Nullable String detail = event.detailWords();
    Map<String, Object> shown = new HashMap<>();
    shown.put("at", Shown.time(event.at()));
    shown.put("what", event.kind().words());
    shown.put("factor", factor == null ? "" : factor.words());
    shown.put("device", event.client().device());
    shown.put("address", event.client().address());
    shown.put( // not "security key added with security key"
        "hasFactor", factor != null && !event.kind().words().startsWith(factor.words()));
    shown.put("detail", detail == null ? "" : detail);
    shown.put("hasDetail", detail != null);
    return shown;
  }

  Reply passwordPage(Visit visit) throws RefusedException {
    requireProof(visit);
    return passwordForm(visit).reply();
  }

  private Page passwordForm(Visit visit) throws RefusedException {
    return page(visit, "password", "Change your password");
  }

  Reply password(Visit visit) throws RefusedException {
    if (!visit.form.value("password").equals(visit.form.value("repeated"))) {
      return passwordForm(visit)
          .wrong("The two passwords are not the same. Type them again.")
          .reply();
    }
    char[] password = visit.form.value("password").toCharArray();
    try {
      visit.enter(accounts.profile().changePassword(visit.client, visit.session(), password));
      visit.delete(Cookie.DEVICE);
      return visit.redirect(Routes.START, Notice.PASSWORD_CHANGED);
    } catch (RefusedException e) {
      return passwordForm(visit).refused(e).reply();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  Reply turnOffPage(Visit visit) throws RefusedException {
    requireProof(visit);
    return page(visit, "turn-off", "Turn two-factor authentication off?").reply();
  }

  Reply turnOff(Visit visit) throws RefusedException {
    try {
      accounts.profile().turnOff(visit.client, visit.session());
      visit.delete(Cookie.DEVICE);
      return visit.redirect(Routes.START, Notice.TURNED_OFF);
    } catch (RefusedException e) {
      return page(visit, "turn-off", "Turn two-factor authentication off?")
          .refused(e)
          .reply();
    }
  }
}
