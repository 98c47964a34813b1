package dev.tofusoup.stock.directive;

import tofusoup.stock.session.Observed;

/** Is told, once and from any thread, when a call with a tag has ended. It must not block. */
@FunctionalInterface
public interface Report {
  /** Nobody to tell. */
  Report NOBODY = observed -> {};

  /** Takes what the server saw of a call. */
  void observed(Observed observed);
}
