package org.example.consumer;

final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("consumer: " + Main.class.getModule());
  }
}
