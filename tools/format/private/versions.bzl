"""What installs the package managers of formatters."""

NPM_INSTALL = "apt-get install npm"
