# frozen_string_literal: true

require 'grpc'
require 'openssl'

module Stock
  # Material that cannot be used; the message is one line for a person.
  class CredentialsError < StandardError; end

  # An end's own certificate chain (PEM, leaf first) and private key (PEM, PKCS#8, not encrypted).
  Identity = Struct.new(:chain_pem, :key_pem)

  # PEM material to the library's credentials, refused with one line of reason where it cannot be used.
  module Credentials
    # More than any chain or set of roots needs: a device without an end must not be read for ever.
    FILE_BYTES = 4 * 1024 * 1024

    module_function

    # Credentials of a TLS server; with client roots it requires and verifies client certificates.
    # Raises CredentialsError.
    def server(identity, client_roots_pem = nil)
      check_identity(identity)
      check_roots(client_roots_pem) if client_roots_pem
      pair = { private_key: identity.key_pem, cert_chain: identity.chain_pem }
      GRPC::Core::ServerCredentials.new(client_roots_pem, [pair], !client_roots_pem.nil?)
    end

    # Credentials of a TLS client; without roots it trusts the library's own. Raises CredentialsError.
    def channel(roots_pem = nil, identity = nil)
      check_roots(roots_pem) if roots_pem
      return GRPC::Core::ChannelCredentials.new(roots_pem) unless identity

      check_identity(identity)
      GRPC::Core::ChannelCredentials.new(roots_pem, identity.key_pem, identity.chain_pem)
    end

    # The bytes of a file that must hold some. Raises CredentialsError.
    def read(path)
      content = File.open(path, 'rb') { |file| file.read(FILE_BYTES) }
      raise CredentialsError, "#{path}: empty" if content.nil? || content.empty?

      content
    rescue SystemCallError => e
      raise CredentialsError, "#{path}: #{e.class.new.message}"
    end

    # Raises CredentialsError unless the key is the leaf's: the library would find out at the first handshake.
    def check_identity(identity)
      leaf = certificates(identity.chain_pem, 'certificate chain is not PEM certificates').first
      raise CredentialsError, 'key does not belong to the certificate' unless leaf.check_private_key(key(identity))
    end

    # Raises CredentialsError unless the roots are certificates.
    def check_roots(roots_pem)
      certificates(roots_pem, 'roots are not PEM certificates')
    end

    def certificates(pem, reason)
      raise CredentialsError, reason unless pem.include?('-----BEGIN CERTIFICATE-----')

      OpenSSL::X509::Certificate.load(pem)
    rescue OpenSSL::X509::CertificateError
      raise CredentialsError, reason
    end
    private_class_method :certificates

    def key(identity)
      reason = 'key is not a PEM PKCS#8 private key'
      raise CredentialsError, reason unless identity.key_pem.include?('-----BEGIN PRIVATE KEY-----')

      OpenSSL::PKey.read(identity.key_pem, '')
    rescue OpenSSL::PKey::PKeyError
      raise CredentialsError, reason
    end
    private_class_method :key
  end
end
