package dev.tofusoup.stock.listener

import io.netty.channel.EventLoopGroup
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.util.concurrent.DefaultThreadFactory
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors

/** The threads of listeners; daemons, so that none keeps the process alive. */
private[listener] object Transport:
  val Connections: EventLoopGroup = group("connection", 2)

  /** Runs handlers, on a thread each: a directive may hold one back. */
  val Handlers: ExecutorService = Executors.newCachedThreadPool(DefaultThreadFactory("handler", true))

  /** A listener's own: its port is free once this has ended. */
  def acceptor(): EventLoopGroup = group("acceptor", 1)

  private def group(name: String, threads: Int): EventLoopGroup =
    MultiThreadIoEventLoopGroup(threads, DefaultThreadFactory(name, true), NioIoHandler.newFactory())
