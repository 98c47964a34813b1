package dev.tofusoup.stock.options

/** Exit codes of the two programs; an RPC that failed is `Rpc` plus its status code. */
object ExitCode:
  val Ok = 0
  val NotServing = 1
  val Usage = 2
  val CannotBind = 3
  val Internal = 4
  val Rpc = 64
