# frozen_string_literal: true

require 'stock/options/client'
require 'stock/program'

module Stock
  # The program `stock_client`: options, then one operation or a session.
  module StockClient
    RPC = 64
    INTERRUPTED = 130

    module_function

    # Runs one operation, or a session; gives the exit code.
    def run(argv)
      trap('INT') { exit!(INTERRUPTED) }
      options = ClientOptions.parse(argv)
      return show(options.show) if options.show

      options.session ? run_session : run_operation(options)
    rescue UsageError => e
      Program.tell(e.message, ClientOptions.usage)
      Program::USAGE
    end

    def show(what)
      Program.show(what, 'stock_client', ClientOptions.usage)
      Program::OK
    end
    private_class_method :show

    # Calls and prints. Raises UsageError for arguments that do not fit the operation.
    def run_operation(options)
      # A failed RPC is one line, and the library's own log would be more.
      ENV['GRPC_VERBOSITY'] ||= 'NONE'
      require 'stock/credentials'
      require 'stock/operations'
      operation = Operation.new(options, $stdin.binmode, $stdout.binmode)
      channel = Channel.new(endpoint(options))
      beside_signals { operation.run(channel) }
    rescue CredentialsError => e
      Program.tell(e.message)
      Program::USAGE
    rescue GRPC::BadStatus => e
      explain(e)
    rescue GRPC::Core::CallError => e # no StandardError
      Program.tell("call failed: #{e.message}")
      Program::INTERNAL
    end
    private_class_method :run_operation

    # Runs a block in another thread: a main thread that waits in the library may never hear of a signal.
    def beside_signals(&)
      thread = Thread.new(&)
      thread.report_on_exception = false # `value` raises it
      thread.value
    end
    private_class_method :beside_signals

    # The server that the options name. Raises CredentialsError.
    def endpoint(options)
      Endpoint.new(
        target: options.server, credentials: options.tls ? credentials(options) : nil,
        server_name: options.server_name, max_receive_bytes: options.max_receive_bytes
      )
    end
    private_class_method :endpoint

    def credentials(options)
      files = [options.cert_file, options.key_file].compact
      identity = Identity.new(*files.map { |file| Credentials.read(file) }) if files.any?
      Credentials.channel(options.ca_file && Credentials.read(options.ca_file), identity)
    end
    private_class_method :credentials

    # Prints the line that a failed RPC deserves; the exit code.
    def explain(error)
      name = GRPC::Core::StatusCodes.constants.find { |code| GRPC::Core::StatusCodes.const_get(code) == error.code }
      Program.tell("#{name}: #{error.details.dup.force_encoding(Encoding::UTF_8).scrub}")
      RPC + error.code
    end
    private_class_method :explain

    # Calls what the runner asks for over the standard streams.
    def run_session
      require 'stock/session/hello'
      output = Session::Output.take
      Session::Hello.tell(:ROLE_CLIENT, output)
      require 'stock/session/client'
      Session::Client.new(output).serve($stdin)
      Program::OK
    rescue Session::FrameError => e
      Program.tell(e.message)
      Program::INTERNAL
    end
    private_class_method :run_session
  end
end
