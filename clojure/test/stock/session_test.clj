(ns stock.session-test
  (:require
   [clojure.test :refer [deftest is]]
   [stock.client-session :as client-session]
   [stock.server-session :as server-session])
  (:import
   (com.google.protobuf ByteString)
   (java.io ByteArrayInputStream ByteArrayOutputStream DataInputStream PipedInputStream PipedOutputStream)
   (java.nio ByteBuffer)
   (tofusoup.stock GetRequest PutRequest)
   (tofusoup.stock.session Cancel Command Command$Builder Event Event$EventCase Events Listen OpenChannel Request Role Rpc Security Start Start$Builder Stop)))

(defn- frame ^bytes [^bytes body]
  (.array (.put (.putInt (ByteBuffer/allocate (+ 4 (alength body))) (alength body)) body)))

(defn- runner
  "Drives a session of a role: functions that send a command, read the next event, and end the input."
  [start run! end!]
  (let [events (PipedInputStream. 1048576)
        session (start (PipedOutputStream. events))
        commands (PipedOutputStream.)
        input (PipedInputStream. commands 1048576)
        ended (future (let [fault (run! session input)] (end! session) fault))
        reader (DataInputStream. events)]
    {:send! (fn [^Command$Builder command]
              (.write commands (frame (.toByteArray (.build command))))
              (.flush commands))
     :event! (fn ^Event []
               (let [body (byte-array (.readInt reader))]
                 (.readFully reader body)
                 (Event/parseFrom body)))
     :end! (fn []
             (.close commands)
             (deref ended 60000 :late))}))

(defn- server []
  (runner server-session/start server-session/run-commands! #(server-session/end! % 0)))

(defn- client []
  (runner client-session/start client-session/run-commands! client-session/end!))

(defn- command ^Command$Builder [id]
  (.setId (Command/newBuilder) id))

(defn- listen [id]
  (.setListen (command id)
              (.. (Listen/newBuilder) (setListener id) (setHost "127.0.0.1") (setSecurity Security/SECURITY_PLAINTEXT))))

(defn- reason [^Event event]
  (is (= Event$EventCase/FAILURE (.getEventCase event)))
  (.getReason (.getFailure event)))

(defn- start ^Start$Builder [id rpc channel]
  (.. (Start/newBuilder) (setCall id) (setChannel channel) (setRpc rpc)))

(defn- request ^Request [key]
  (.. (Request/newBuilder) (setGet (.. (GetRequest/newBuilder) (setKey key))) build))

(deftest roles-say-hello
  (doseq [[{:keys [event! end!]} role] [[(server) Role/ROLE_SERVER] [(client) Role/ROLE_CLIENT]]]
    (let [hello (.getHello ^Event (event!))]
      (is (= ["clojure" role 1] [(.getLanguage hello) (.getRole hello) (.getProtocol hello)]))
      (is (not-any? #(= "key_type:p521" %) (.getSupportsList hello))))
    (is (nil? (end!)))))

(deftest what-cannot-be-obeyed-is-told
  (let [{:keys [send! event! end!]} (server)]
    (event!)
    (send! (.setStop (command 1) (.setListener (Stop/newBuilder) 7)))
    (is (= "listener: 7 given, which is not open" (reason (event!))))
    (send! (.setListen (command 2) (.. (Listen/newBuilder) (setListener 1) (setHost "localhost"))))
    (is (= "host: \"localhost\" given, a literal address expected" (reason (event!))))
    (send! (.setListen (command 3) (.. (Listen/newBuilder) (setListener 1) (setHost "127.0.0.1"))))
    (is (= "security: SECURITY_UNSPECIFIED given, plaintext, tls or mtls expected" (reason (event!))))
    (send! (.setCancel (command 4) (Cancel/newBuilder)))
    (is (= "command: cancel given, listen, stop or forget expected" (reason (event!))))
    (is (nil? (end!))))
  (let [{:keys [send! event! end!]} (client)]
    (event!)
    (send! (.setStart (command 1) (start 1 Rpc/RPC_GET 3)))
    (is (= "channel: 3 given, which is not open" (reason (event!))))
    (send! (.setCancel (command 2) (.setCall (Cancel/newBuilder) 9)))
    (is (= "call: 9 given, which never was one" (reason (event!))))
    (is (nil? (end!)))))

(deftest a-client-calls-a-server
  (let [{serve! :send!, served! :event!, end-server! :end!} (server)
        {:keys [send! event! end!]} (client)]
    (served!)
    (event!)
    (serve! (listen 1))
    (let [port (.getPort (.getListening ^Event (served!)))
          channel (.. (OpenChannel/newBuilder) (setChannel 1) (setHost "127.0.0.1") (setPort port) (setSecurity Security/SECURITY_PLAINTEXT))
          call! (fn [id rpc ^Request request]
                  (send! (.setStart (command id) (.addRequests (start id rpc 1) request)))
                  (.getEvents ^Event (event!)))]
      (send! (.setOpenChannel (command 1) channel))
      (let [^Events events (call! 2 Rpc/RPC_GET (request "k"))]
        (is (= [2 5 "key not found: k"]
               [(.getCall events) (.getCode (.getStatus events)) (.getMessage (.getStatus events))])))
      (let [put (.. (PutRequest/newBuilder) (setKey "k") (setValue (ByteString/copyFromUtf8 "v")))]
        (is (.hasStatus ^Events (call! 3 Rpc/RPC_PUT (.. (Request/newBuilder) (setPut put) build)))))
      (let [^Events events (call! 4 Rpc/RPC_GET (request "k"))]
        (is (= ["v" 0] [(.toStringUtf8 (.getValue (.getGet (.getResponses events 0)))) (.getCode (.getStatus events))])))
      (send! (.setStart (command 5) (.addRequests (start 5 Rpc/RPC_PUT 1) ^Request (request "k"))))
      (is (= "requests: one is not of the rpc's type" (reason (event!))))
      (serve! (.setStop (command 2) (.setListener (Stop/newBuilder) 1)))
      (is (= 1 (.getListener (.getStopped ^Event (served!))))))
    (is (nil? (end!)))
    (is (nil? (end-server!)))))

(deftest what-is-no-frame-ends-the-session
  (doseq [[reason input] [["standard input ends within a frame" [0 0]]
                          ["standard input ends within a frame" [0 0 0 9 1]]
                          ["a frame of 16777217 bytes; at most 16777216" [1 0 0 1]]
                          ["a frame does not decode as a Command" [0 0 0 1 255]]]]
    (let [session (server-session/start (ByteArrayOutputStream.))]
      (is (= reason
             (server-session/run-commands! session (ByteArrayInputStream. (byte-array (map unchecked-byte input))))))
      (server-session/end! session 0))))
