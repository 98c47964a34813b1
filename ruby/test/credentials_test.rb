# frozen_string_literal: true

require 'minitest'
require 'stock/credentials'
require 'testcerts'
require 'tmpdir'

class CredentialsTest < Minitest::Test
  def setup
    @authority = Testcerts.new
    @identity = @authority.issue
  end

  def test_good_material_of_every_curve
    Testcerts::CURVES.each_key do |curve|
      authority = Testcerts.new(curve)

      assert Stock::Credentials.server(authority.issue, authority.roots_pem)
      assert Stock::Credentials.channel(authority.roots_pem, authority.issue)
    end
    assert Stock::Credentials.server(@identity)
    assert Stock::Credentials.channel
  end

  def test_what_cannot_be_used_is_one_line
    chain = @identity.chain_pem
    key = @identity.key_pem
    {
      ['', key] => 'certificate chain is not PEM certificates',
      [key, key] => 'certificate chain is not PEM certificates',
      ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key] =>
        'certificate chain is not PEM certificates',
      [chain, ''] => 'key is not a PEM PKCS#8 private key',
      [chain, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] =>
        'key is not a PEM PKCS#8 private key',
      [chain, OpenSSL::PKey.read(key).to_pem] => 'key is not a PEM PKCS#8 private key',
      [chain, @authority.issue.key_pem] => 'key does not belong to the certificate'
    }.each { |(chain_pem, key_pem), reason| assert_refused(reason, Stock::Identity.new(chain_pem, key_pem)) }
  end

  def test_roots_that_are_none
    error = assert_raises(Stock::CredentialsError) { Stock::Credentials.channel(@identity.key_pem) }
    assert_equal 'roots are not PEM certificates', error.message
    assert_raises(Stock::CredentialsError) { Stock::Credentials.server(@identity, '') }
  end

  def test_files
    Dir.mktmpdir do |folder|
      empty = File.join(folder, 'empty')
      File.write(empty, '')
      { empty => "#{empty}: empty", folder => "#{folder}: Is a directory",
        "#{folder}/none" => "#{folder}/none: No such file or directory" }.each do |path, reason|
        assert_equal reason, assert_raises(Stock::CredentialsError) { Stock::Credentials.read(path) }.message
      end
    end
  end

  private

  def assert_refused(reason, identity)
    server = assert_raises(Stock::CredentialsError) { Stock::Credentials.server(identity) }
    channel = assert_raises(Stock::CredentialsError) { Stock::Credentials.channel(nil, identity) }
    assert_equal [reason, reason], [server.message, channel.message]
  end
end
