# frozen_string_literal: true

require 'openssl'
require 'stock/credentials'

# Identities for tests, minted when they are asked for.
class Testcerts
  CURVES = { 'p256' => 'prime256v1', 'p384' => 'secp384r1', 'p521' => 'secp521r1' }.freeze

  def initialize(curve = 'p256')
    @curve = CURVES.fetch(curve)
    @serial = 0
    @key = new_key
    @root = certificate('test root', @key, 'basicConstraints' => 'critical,CA:TRUE',
                                           'keyUsage' => 'critical,keyCertSign')
  end

  # What peers must trust.
  def roots_pem = @root.to_pem

  # A new identity for this machine.
  def issue
    key = new_key
    leaf = certificate('localhost', key, 'basicConstraints' => 'critical,CA:FALSE',
                                         'extendedKeyUsage' => 'serverAuth,clientAuth',
                                         'subjectAltName' => 'DNS:localhost,IP:127.0.0.1,IP:::1')
    Stock::Identity.new(leaf.to_pem, key.private_to_pem)
  end

  private

  def new_key = OpenSSL::PKey::EC.generate(@curve)

  def certificate(name, key, extensions)
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = @serial += 1
    certificate.subject = OpenSSL::X509::Name.new([['CN', name]])
    certificate.issuer = @root ? @root.subject : certificate.subject
    certificate.not_before = Time.now - 3600
    certificate.not_after = Time.now + 86_400
    certificate.public_key = key
    add_extensions(certificate, extensions)
    certificate.sign(@key, 'SHA256')
  end

  def add_extensions(certificate, extensions)
    factory = OpenSSL::X509::ExtensionFactory.new(@root || certificate, certificate)
    extensions.each { |name, value| certificate.add_extension(factory.create_extension(name, value)) }
  end
end
