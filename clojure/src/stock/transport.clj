(ns stock.transport
  "The threads of connections, and the kinds of their sockets: the kernel's epoll where it is to be had.

  Threads are daemons, so that none keeps the process alive."
  (:import
   (io.grpc.netty.shaded.io.netty.channel EventLoopGroup IoHandlerFactory MultiThreadIoEventLoopGroup)
   (io.grpc.netty.shaded.io.netty.channel.epoll Epoll EpollIoHandler EpollServerSocketChannel EpollSocketChannel)
   (io.grpc.netty.shaded.io.netty.channel.nio NioIoHandler)
   (io.grpc.netty.shaded.io.netty.channel.socket.nio NioServerSocketChannel NioSocketChannel)
   (io.grpc.netty.shaded.io.netty.util.concurrent DefaultThreadFactory)
   (java.util.concurrent ExecutorService Executors)))

(def ^:private epoll? (delay (Epoll/isAvailable)))

(def server-socket-class
  "What listens; a delay."
  (delay (if @epoll? EpollServerSocketChannel NioServerSocketChannel)))

(defn new-socket
  "A connection that is not open yet."
  []
  (if @epoll? (EpollSocketChannel.) (NioSocketChannel.)))

(defn event-loops
  "Event loops on so many threads of a name."
  ^EventLoopGroup [name threads]
  (let [^IoHandlerFactory factory (if @epoll? (EpollIoHandler/newFactory) (NioIoHandler/newFactory))]
    (MultiThreadIoEventLoopGroup. (int threads) (DefaultThreadFactory. ^String name true) factory)))

(def accepted
  "Runs the connections of listeners; a delay."
  (delay (event-loops "accepted" 2)))

(def dialled
  "Runs the connections of channels; a delay."
  (delay (event-loops "dialled" 2)))

(def ^ExecutorService handlers
  "Runs handlers, on a thread each: a directive may hold one back."
  (Executors/newCachedThreadPool (DefaultThreadFactory. "handler" true)))
