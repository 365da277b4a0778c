package org.u2f4j.examples;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.u2f4j.hid.AccessException;
import org.u2f4j.hid.AccessProblem;
import org.u2f4j.hid.HidConnection;
import org.u2f4j.hid.HidKey;
import org.u2f4j.hid.HidKeys;

/** What finds and opens keys; a test brings keys of its own. */
interface KeyFinder {
  /** The keys that are plugged into this machine. Nothing native is loaded before one is looked for. */
  KeyFinder USB = new KeyFinder() {
    @Override
    public List<HidKey> list() throws AccessException {
      return HidKeys.list();
    }

    @Override
    public Optional<AccessProblem> whyNone() {
      return HidKeys.whyNone();
    }

    @Override
    public HidConnection open(HidKey key) throws IOException {
      return HidKeys.open(key);
    }
  };

  List<HidKey> list() throws AccessException;

  /** What may hide keys, if none is listed. */
  Optional<AccessProblem> whyNone();

  HidConnection open(HidKey key) throws IOException;
}
