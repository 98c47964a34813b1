package dev.tofusoup.stock.directive

import tofusoup.stock.session.Observed

/** Is told, once and from any thread, when a call with a tag has ended. It must not block. */
type Report = Observed => Unit

object Report:
  /** Nobody to tell. */
  val Nobody: Report = _ => ()
