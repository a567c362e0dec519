# Ruby's xmlrpc, on XML-RPC; what it takes and prints is in ../README.md.

require 'json'
require 'xmlrpc/client'

URL, USERNAME, API_KEY, PRODUCT, IMAGE = ARGV
LABEL = 'Größe <1> & "2"'
LABEL_IN_STORE = 'auf Deutsch'
DIRECTORY = "/#{PRODUCT[0]}/#{PRODUCT[1]}"
FIRST = "#{DIRECTORY}/#{PRODUCT}.gif"
SECOND = "#{DIRECTORY}/#{PRODUCT}_1.gif"

# The calls of one session.
class Calls
  attr_reader :session

  def initialize
    @server = XMLRPC::Client.new2(URL)
    @session = @server.call('login', USERNAME, API_KEY)
  end

  def call(method, *args)
    @server.call('call', @session, "product_media.#{method}", args)
  end

  def fault_of
    yield
    nil
  rescue XMLRPC::FaultException => e
    e.faultCode
  end
end

def expect(expected, received)
  raise "expected #{expected.inspect}, received #{received.inspect}" unless expected == received
end

def step(name)
  detail = ''
  begin
    yield
  rescue StandardError => e
    detail = "#{e.class}: #{e.message}"
  end
  puts JSON.generate(step: name, ok: detail.empty?, detail: detail)
end

calls = nil

step('login') do
  calls = Calls.new
  expect(true, calls.session.match?(/\A[0-9a-f]{32}\z/))
end

step('create') do
  file = { name: PRODUCT, mime: 'image/gif', content: IMAGE }
  data = { file: file, label: LABEL, exclude: 0 }
  expect(FIRST, calls.call('create', PRODUCT, data.merge(types: %w[image thumbnail])))
  expect(SECOND, calls.call('create', PRODUCT, data))
end

step('list') do
  images = calls.call('list', PRODUCT)
  received = images.map { |image| image.values_at('file', 'label', 'position', 'exclude', 'types') }
  expect([[FIRST, LABEL, '1', '0', %w[image thumbnail]], [SECOND, LABEL, '2', '0', []]], received)
end

step('updateInStore') do
  expect(true, calls.call('update', PRODUCT, SECOND, { label: LABEL_IN_STORE }, 'german'))
  expect(LABEL_IN_STORE, calls.call('info', PRODUCT, SECOND, 'german')['label'])
  expect(LABEL, calls.call('info', PRODUCT, SECOND)['label'])
end

step('remove') do
  expect(true, calls.call('remove', PRODUCT, SECOND))
  expect([FIRST], calls.call('list', PRODUCT).map { |image| image['file'] })
end

step('fault101') { expect(101, calls.fault_of { calls.call('list', 'no such product') }) }
step('fault103') { expect(103, calls.fault_of { calls.call('info', PRODUCT, '/n/o/none.gif') }) }
