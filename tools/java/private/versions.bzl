"""What Java the project needs and what installs it."""

JAVA_AT_LEAST = 17
JAVA_INSTALL = "apt-get install openjdk-17-jdk-headless, or name a newer JDK by JAVA_HOME"

# Fetches the third-party code.
MAVEN_COMMAND = "mvn"
MAVEN_INSTALL = "apt-get install maven"
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
