package org.u2f4j.examples.web;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.u2f4j.examples.account.Accounts;
import org.u2f4j.examples.account.DatabaseException;
import org.u2f4j.examples.account.Factor;
import org.u2f4j.examples.account.Prompt;
import org.u2f4j.examples.account.RefusedException;
import org.u2f4j.examples.account.SignIn;
import org.u2f4j.examples.account.Step;

/** Creating an account, signing in and out, and confirming who one is. */
final class SignInPages {
  /** What a page without a script sends: no key was asked. U2F calls it OTHER_ERROR. */
  static final String NO_ANSWER = "{\"errorCode\":1}";

  private final Accounts accounts;
  private final SignIn signIn;

  SignInPages(Accounts accounts) {
    this.accounts = accounts;
    this.signIn = accounts.signIn();
  }

  Reply start(Visit visit) {
    return visit.redirect(visit.session().isEmpty() ? "/sign-in" : Routes.START);
  }

  Reply createPage(Visit visit) {
    return createForm(visit).reply();
  }

  private static Page createForm(Visit visit) {
    return new Page(visit, "create", "Create an account").put("email", visit.value("email"));
  }

  Reply create(Visit visit) throws RefusedException {
    String email = visit.form.value("email");
    if (!visit.form.value("password").equals(visit.form.value("repeated"))) {
      return createForm(visit)
          .wrong("The two passwords are not the same. Type them again.")
          .reply();
    }
    char[] password = visit.form.value("password").toCharArray();
    try {
      accounts.create(visit.client, email, password);
      Step step = signIn.password(visit.client, email, password, null);
      if (step instanceof Step.SignedIn signedIn) {
        enter(visit, signedIn);
      }
      return visit.redirect(Routes.START, Notice.CREATED);
    } catch (RefusedException e) {
      return createForm(visit).refused(e).reply();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  Reply passwordPage(Visit visit) throws RefusedException {
    if (!visit.session().isEmpty()) {
      try {
        accounts.profile().overview(visit.session());
        return visit.redirect(visit.next());
      } catch (RefusedException e) {
        visit.delete(Cookie.SESSION);
      }
    }
    return passwordForm(visit).reply();
  }

  private static Page passwordForm(Visit visit) {
    return onward(visit, new Page(visit, "sign-in", "Sign in")).put("email", visit.value("email"));
  }

  Reply password(Visit visit) throws RefusedException {
    char[] password = visit.form.value("password").toCharArray();
    try {
      return proceed(
          visit,
          signIn.password(
              visit.client, visit.form.value("email"), password, visit.cookie(Cookie.DEVICE)));
    } catch (RefusedException e) {
      return passwordForm(visit).refused(e).reply();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  Reply confirmPage(Visit visit) throws RefusedException {
    return confirmForm(visit).reply();
  }

  private Page confirmForm(Visit visit) throws RefusedException {
    return onward(visit, new Page(visit, "confirm", "Confirm that it is you"))
        .of(accounts.profile().overview(visit.session()));
  }

  Reply confirm(Visit visit) throws RefusedException {
    char[] password = visit.form.value("password").toCharArray();
    try {
      return proceed(visit, signIn.prove(visit.client, visit.session(), password));
    } catch (RefusedException e) {
      return confirmForm(visit).refused(e).reply();
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /** Somebody is signed in here, perhaps where somebody was before. */
  private void enter(Visit visit, Step.SignedIn signedIn) throws RefusedException {
    String before = visit.session();
    visit.enter(signedIn);
    try {
      signIn.leave(before);
    } catch (DatabaseException e) {
      // the sign-in holds, so its cookie is given; the session before expires
    }
  }

  private Reply proceed(Visit visit, Step step) throws RefusedException {
    if (step instanceof Step.SignedIn signedIn) {
      enter(visit, signedIn);
      return visit.redirect(visit.next());
    }
    Step.SecondFactor second = (Step.SecondFactor) step;
    visit.set(Cookie.ATTEMPT, second.attempt());
    boolean key = second.factors().contains(Factor.KEY);
    return visit.redirect(visit.onward(key ? "/sign-in/key" : "/sign-in/code"));
  }

  Reply keyPage(Visit visit) throws RefusedException {
    return keyForm(visit, true).reply();
  }

  private Page keyForm(Visit visit, boolean atOnce) throws RefusedException {
    String attempt = visit.token(Cookie.ATTEMPT);
    Prompt prompt = signIn.startKey(attempt);
    return factorForm(visit, "sign-in-key", "Touch your security key", Factor.KEY)
        .put("ceremony", prompt.ceremony())
        .put("request", prompt.requestJson())
        .put("start", atOnce ? "now" : "later");
  }

  /** A page that asks for a second factor, and says which other ones there are. */
  private Page factorForm(Visit visit, String template, String title, Factor factor)
      throws RefusedException {
    Set<Factor> others = EnumSet.noneOf(Factor.class);
    others.addAll(signIn.factors(visit.token(Cookie.ATTEMPT)));
    others.remove(factor);
    return onward(visit, new Page(visit, template, title))
        .put("hasOther", !others.isEmpty())
        .put("offerKey", others.contains(Factor.KEY))
        .put("offerApp", others.contains(Factor.APP))
        .put("offerRecovery", others.contains(Factor.RECOVERY_CODE))
        .put("query", visit.onward(""));
  }

  private static Page onward(Visit visit, Page page) {
    return page.put("next", visit.next()).put("remember", visit.checked("remember"));
  }

  Reply key(Visit visit) throws RefusedException {
    String response = visit.form.value("response");
    try {
      enter(
          visit,
          signIn.finishKey(
              visit.client,
              visit.token(Cookie.ATTEMPT),
              visit.form.value("ceremony"),
              response.isEmpty() ? NO_ANSWER : response,
              visit.checked("remember")));
      return visit.redirect(visit.next());
    } catch (RefusedException e) {
      return keyForm(visit, false).refused(e).reply();
    }
  }

  Reply codePage(Visit visit) throws RefusedException {
    return codeForm(visit, Factor.APP).reply();
  }

  Reply recoveryPage(Visit visit) throws RefusedException {
    return codeForm(visit, Factor.RECOVERY_CODE).reply();
  }

  private Page codeForm(Visit visit, Factor factor) throws RefusedException {
    return factor == Factor.APP
        ? factorForm(visit, "sign-in-code", "Use your authenticator app", factor)
        : factorForm(visit, "sign-in-recovery", "Use a recovery code", factor);
  }

  Reply code(Visit visit) throws RefusedException {
    return code(visit, Factor.APP);
  }

  Reply recovery(Visit visit) throws RefusedException {
    return code(visit, Factor.RECOVERY_CODE);
  }

  private Reply code(Visit visit, Factor factor) throws RefusedException {
    String attempt = visit.token(Cookie.ATTEMPT);
    String code = visit.form.value("code");
    boolean remember = visit.checked("remember");
    try {
      enter(
          visit,
          factor == Factor.APP
              ? signIn.code(visit.client, attempt, code, remember)
              : signIn.recoveryCode(visit.client, attempt, code, remember));
      return visit.redirect(visit.next());
    } catch (RefusedException e) {
      return codeForm(visit, factor).refused(e).reply();
    }
  }

  Reply cancel(Visit visit) throws RefusedException {
    signIn.cancel(visit.token(Cookie.ATTEMPT));
    visit.delete(Cookie.ATTEMPT);
    return visit.redirect(visit.session().isEmpty() ? "/sign-in" : Routes.START, Notice.CANCELLED);
  }

  Reply signOut(Visit visit) throws RefusedException {
    try {
      signIn.signOut(visit.client, visit.session());
    } catch (RefusedException e) {
      // the session has ended by itself
    }
    signIn.cancel(visit.token(Cookie.ATTEMPT));
    visit.delete(Cookie.SESSION);
    visit.delete(Cookie.ATTEMPT);
    return visit.redirect("/sign-in", Notice.SIGNED_OUT);
  }
}
