# frozen_string_literal: true

require 'io/wait'
require 'stock/options/server'
require 'stock/program'

module Stock
  # The program `stock_server`: options, credentials, listen, ready line, drain.
  module StockServer
    CANNOT_BIND = 3
    # After the grace, before the process ends whatever still runs.
    HARD_SECONDS = 0.5

    module_function

    # Serves until told to stop; gives the exit code.
    def run(argv)
      options = ServerOptions.parse(argv)
      return show(options.show) if options.show

      ends, ender = catch_signals
      options.session ? run_session(options, ends, ender) : run_listener(options, ends, ender)
    rescue UsageError => e
      Program.tell(e.message, ServerOptions.usage)
      Program::USAGE
    end

    def show(what)
      Program.show(what, 'stock_server', ServerOptions.usage)
      Program::OK
    end
    private_class_method :show

    # From here on SIGTERM and SIGINT are bytes in a pipe, as is the end of a session.
    def catch_signals
      ends, ender = IO.pipe
      %w[TERM INT].each { |name| trap(name) { ender.write_nonblock('.') } }
      [ends, ender]
    end
    private_class_method :catch_signals

    # Serves on one endpoint.
    def run_listener(options, ends, ender)
      require 'stock/credentials'
      require 'stock/directive'
      require 'stock/listener'
      listener = Listener.new(binding_of(options), Stores.new, options.conformance ? Directives.new : nil)
      puts "Server listening on #{listener.endpoint}"
      $stdout.flush
      drain(options.grace_seconds, ends, ender) { |grace| listener.drain(grace) }
    rescue CredentialsError => e
      Program.tell(e.message)
      Program::USAGE
    rescue BindError => e
      Program.tell(e.message)
      CANNOT_BIND
    end
    private_class_method :run_listener

    # Raises CredentialsError.
    def binding_of(options)
      Binding.new(
        host: options.host, port: options.port, security: options.security, credentials: credentials(options),
        max_receive_bytes: options.max_receive_bytes
      )
    end
    private_class_method :binding_of

    def credentials(options)
      return if options.security == 'plaintext'

      identity = Identity.new(Credentials.read(options.cert_file), Credentials.read(options.key_file))
      Credentials.server(identity, options.client_ca_file && Credentials.read(options.client_ca_file))
    end
    private_class_method :credentials

    # Serves what the runner asks for over the standard streams.
    def run_session(options, ends, ender)
      require 'stock/session/hello'
      output = Session::Output.take
      Session::Hello.tell(:ROLE_SERVER, output)
      require 'stock/session/server'
      session = Session::Server.new(output)
      code = Program::OK
      Thread.new do
        session.serve($stdin)
      rescue Session::FrameError => e
        Program.tell(e.message)
        code = Program::INTERNAL
      ensure
        ender.write('.')
      end
      drain(options.grace_seconds, ends, ender) { |grace| session.drain(grace) }
      code
    end
    private_class_method :run_session

    # Waits for the end, then drains. Comes back at the grace at the latest, at once for a second signal.
    def drain(grace_seconds, ends, ender)
      ends.getbyte
      Thread.new do
        yield grace_seconds
        ender.write('.')
      end
      Program.tell('calls outlived the grace') unless ends.wait_readable(grace_seconds + HARD_SECONDS)
      Program::OK
    end
    private_class_method :drain
  end
end
