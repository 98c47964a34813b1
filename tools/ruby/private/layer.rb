# frozen_string_literal: true

# Copies files into a folder: `ruby layer.rb PARAMETERS`, a file of lines: the folder, then for each file where it
# goes in the folder and where it is.

# No library but the core: this runs before there is a layer.
class Layer
  def initialize(folder)
    @folder = folder
    @made = {}
  end

  def copy(destination, source)
    path = File.join(@folder, destination)
    make(File.dirname(path))
    File.binwrite(path, File.binread(source))
    File.chmod(File.stat(source).mode & 0o755, path)
  end

  private

  def make(folder)
    return if @made[folder] || File.directory?(folder)

    make(File.dirname(folder))
    Dir.mkdir(folder)
    @made[folder] = true
  end
end

folder, *files = File.readlines(ARGV.fetch(0), chomp: true)
layer = Layer.new(folder)
files.each_slice(2) { |destination, source| layer.copy(destination, source) }
