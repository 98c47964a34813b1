# frozen_string_literal: true

require 'google/protobuf/descriptor_pb'

module Stock
  # The files that generated code is made of, by their names and by what they declare.
  class Descriptors
    # What the generated libraries have on the load path.
    SETS = %w[stock_grpc.binpb admin_grpc.binpb].freeze

    # The descriptors of everything that is served.
    def self.load
      new(SETS.flat_map { |name| Google::Protobuf::FileDescriptorSet.decode(File.binread(path(name))).file.to_a })
    end

    # Where a file is on the load path.
    def self.path(name)
      $LOAD_PATH.map { |folder| File.join(folder, name) }.find { |path| File.exist?(path) } or
        raise "no #{name} on the load path"
    end

    def initialize(files)
      @files = files.to_h { |file| [file.name, file] }
      @symbols = {}
      files.each { |file| index(file) }
    end

    # A file and those it imports, serialized; none where there is no such file.
    def named(name)
      with_imports([], @files[name]).map { |file| Google::Protobuf::FileDescriptorProto.encode(file) }
    end

    # The file that declares a symbol and those it imports, serialized; none where nothing declares it.
    def declaring(symbol) = named(@symbols[symbol])

    private

    def with_imports(found, file)
      return found if file.nil? || found.include?(file)

      found << file
      file.dependency.each { |name| with_imports(found, @files[name]) }
      found
    end

    def index(file)
      scope = file.package
      file.message_type.each { |message| index_message(file, scope, message) }
      file.enum_type.each { |enum| declare(file, scope, enum) }
      file.service.each do |service|
        full_name = declare(file, scope, service)
        # `method` is every object's.
        service['method'].each { |method| declare(file, full_name, method) }
      end
    end

    def index_message(file, scope, message)
      full_name = declare(file, scope, message)
      message.nested_type.each { |nested| index_message(file, full_name, nested) }
      message.enum_type.each { |enum| declare(file, full_name, enum) }
    end

    def declare(file, scope, declared)
      full_name = "#{scope}.#{declared.name}"
      @symbols[full_name] = file.name
      full_name
    end
  end
end
