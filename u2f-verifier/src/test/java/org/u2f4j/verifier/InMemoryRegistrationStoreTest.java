package org.u2f4j.verifier;

class InMemoryRegistrationStoreTest extends RegistrationStoreContract {
  @Override
  protected RegistrationStore emptyStore() {
    return RegistrationStore.inMemory();
  }

  @Override
  protected int usualFinishes() {
    return 10_000;
  }
}
