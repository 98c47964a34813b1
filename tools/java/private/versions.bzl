"""What Java the project needs and what installs it."""

load("//tools/implementation:requirements.bzl", "requirement")

JDK = requirement(
    name = "JDK",
    at_least = (17,),
    install = "apt-get install openjdk-17-jdk-headless, or name a newer JDK by JAVA_HOME",
    purpose = "compiles, and runs the programs",
)

# Fetches the third-party code.
MAVEN_COMMAND = "mvn"
MAVEN = requirement(
    name = "Maven for Java",
    install = "apt-get install maven",
    purpose = "fetches the jars",
)
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
