(ns stock.reflection
  "Reflection in both its versions, which differ in their package alone. It is our own because grpc-java's does not
  find enums within messages, nor values and fields, as symbols."
  (:import
   (com.google.protobuf Descriptors$Descriptor Descriptors$EnumDescriptor Descriptors$EnumValueDescriptor Descriptors$FieldDescriptor Descriptors$FileDescriptor Descriptors$MethodDescriptor Descriptors$ServiceDescriptor Message)
   (io.grpc ServerServiceDefinition ServiceDescriptor Status Status$Code)
   (io.grpc.protobuf ProtoServiceDescriptorSupplier)
   (io.grpc.reflection.v1 ErrorResponse ExtensionNumberResponse FileDescriptorResponse ListServiceResponse ServerReflectionGrpc ServerReflectionRequest ServerReflectionRequest$MessageRequestCase ServerReflectionResponse ServerReflectionResponse$Builder ServiceResponse)
   (io.grpc.stub ServerCalls ServerCalls$BidiStreamingMethod StreamObserver)))

(defn- enum-symbols [^Descriptors$EnumDescriptor enum]
  (cons (.getFullName enum)
        (map #(.getFullName ^Descriptors$EnumValueDescriptor %) (.getValues enum))))

(defn- message-symbols [^Descriptors$Descriptor message]
  (concat [(.getFullName message)]
          (map #(.getFullName ^Descriptors$FieldDescriptor %) (.getFields message))
          (mapcat message-symbols (.getNestedTypes message))
          (mapcat enum-symbols (.getEnumTypes message))))

(defn- service-symbols [^Descriptors$ServiceDescriptor service]
  (cons (.getFullName service)
        (map #(.getFullName ^Descriptors$MethodDescriptor %) (.getMethods service))))

(defn- file-symbols [^Descriptors$FileDescriptor file]
  (concat (mapcat message-symbols (.getMessageTypes file))
          (mapcat enum-symbols (.getEnumTypes file))
          (mapcat service-symbols (.getServices file))))

(defn- with-imports
  "A file and all that it imports, itself first."
  [file]
  (distinct (tree-seq (constantly true) #(.getDependencies ^Descriptors$FileDescriptor %) file)))

(defn- known
  "What some services are described by: their names, and files by name and by symbol."
  [services]
  (let [files (distinct (mapcat #(with-imports (.getFile ^Descriptors$ServiceDescriptor %)) services))]
    {:services (mapv #(.getFullName ^Descriptors$ServiceDescriptor %) services)
     :files (into {} (map (juxt #(.getName ^Descriptors$FileDescriptor %) identity)) files)
     :symbols (into {} (for [file files, symbol (file-symbols file)] [symbol file]))}))

(defn- error [^Status$Code code ^String message]
  (.. (ErrorResponse/newBuilder) (setErrorCode (.value code)) (setErrorMessage message) build))

(defn- set-file! [^ServerReflectionResponse$Builder response what file]
  (if file
    (let [found (FileDescriptorResponse/newBuilder)]
      (doseq [^Descriptors$FileDescriptor each (with-imports file)]
        (.addFileDescriptorProto found (.toByteString (.toProto each))))
      (.setFileDescriptorResponse response (.build found)))
    (.setErrorResponse response ^ErrorResponse (error Status$Code/NOT_FOUND (str "not found: " what)))))

(defn- listed ^ListServiceResponse [services]
  (let [found (ListServiceResponse/newBuilder)]
    (doseq [^String name services]
      (.addService found (.. (ServiceResponse/newBuilder) (setName name) build)))
    (.build found)))

(defn- answer
  "The answer to a request, in terms of version 1."
  ^ServerReflectionResponse [{:keys [services files symbols]} ^ServerReflectionRequest request]
  (let [response (.. (ServerReflectionResponse/newBuilder)
                     (setValidHost (.getHost request))
                     (setOriginalRequest request))]
    (condp = (.getMessageRequestCase request)
      ServerReflectionRequest$MessageRequestCase/LIST_SERVICES
      (.setListServicesResponse response (listed services))
      ServerReflectionRequest$MessageRequestCase/FILE_BY_FILENAME
      (set-file! response (.getFileByFilename request) (files (.getFileByFilename request)))
      ServerReflectionRequest$MessageRequestCase/FILE_CONTAINING_SYMBOL
      (set-file! response (.getFileContainingSymbol request) (symbols (.getFileContainingSymbol request)))
      ServerReflectionRequest$MessageRequestCase/FILE_CONTAINING_EXTENSION
      (set-file! response (.getContainingType (.getFileContainingExtension request)) nil)
      ;; There are no extensions: only of types that are known is that an answer.
      ServerReflectionRequest$MessageRequestCase/ALL_EXTENSION_NUMBERS_OF_TYPE
      (let [type (.getAllExtensionNumbersOfType request)]
        (if (contains? symbols type)
          (.setAllExtensionNumbersResponse response
                                           (.. (ExtensionNumberResponse/newBuilder) (setBaseTypeName type) build))
          (set-file! response type nil)))
      (.setErrorResponse response ^ErrorResponse (error Status$Code/INVALID_ARGUMENT "nothing is asked for")))
    (.build response)))

(defn- answering
  "A method that answers each request as soon as it is read."
  [answer]
  (ServerCalls/asyncBidiStreamingCall
    (reify ServerCalls$BidiStreamingMethod
      (invoke [_ responses]
        (let [^StreamObserver responses responses]
          (reify StreamObserver
            (onNext [_ request] (.onNext responses (answer request)))
            ;; Nobody listens.
            (onError [_ _])
            (onCompleted [_] (.onCompleted responses))))))))

(defn- descriptor ^Descriptors$ServiceDescriptor [^ServiceDescriptor service]
  (.getServiceDescriptor ^ProtoServiceDescriptorSupplier (.getSchemaDescriptor service)))

(defn- alpha-answer [known ^Message request]
  (let [asked (ServerReflectionRequest/parseFrom (.toByteString request))]
    (io.grpc.reflection.v1alpha.ServerReflectionResponse/parseFrom (.toByteString (answer known asked)))))

(defn definitions
  "Both versions, for some services and themselves."
  [services]
  (let [v1 (ServerReflectionGrpc/getServiceDescriptor)
        v1-alpha (io.grpc.reflection.v1alpha.ServerReflectionGrpc/getServiceDescriptor)
        served (map #(.getServiceDescriptor ^ServerServiceDefinition %) services)
        known (known (map descriptor (concat served [v1 v1-alpha])))]
    [(.. (ServerServiceDefinition/builder v1)
         (addMethod (ServerReflectionGrpc/getServerReflectionInfoMethod) (answering #(answer known %)))
         build)
     (.. (ServerServiceDefinition/builder v1-alpha)
         (addMethod (io.grpc.reflection.v1alpha.ServerReflectionGrpc/getServerReflectionInfoMethod)
                    (answering #(alpha-answer known %)))
         build)]))
