package io.portproxy.config.properties;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demonstration. These properties are used when the profile {@code demo} is active. The profile {@code echo} uses only the port of the
 * echo target. {@code application-demo.yml} refers to these properties, so that one option changes a port everywhere.
 *
 * @param tunnel Where the demonstration's client connects to its server. Default: 127.0.0.1:9015. Range of the port: 1
 *     to 65535.
 * @param exposedHttp Where the HTTP target is exposed. Default: 127.0.0.1:6688. Range of the port: 0 to 65535.
 * @param exposedTcp Where the echo target is exposed. Default: 127.0.0.1:6689. Range of the port: 0 to 65535.
 * @param httpPort The HTTP target's own port on 127.0.0.1. Default: 17211. Range: 1 to 65535.
 * @param echoPort The echo target's own port on 127.0.0.1. Default: 17210. Range: 1 to 65535.
 * @param traffic Whether the demonstration sends requests of its own. Default: true. Range: true or false.
 */
public record DemoProperties(
        @DefaultValue("127.0.0.1:9015") String tunnel,
        @DefaultValue("127.0.0.1:6688") String exposedHttp,
        @DefaultValue("127.0.0.1:6689") String exposedTcp,
        @DefaultValue("17211") int httpPort,
        @DefaultValue("17210") int echoPort,
        @DefaultValue("true") boolean traffic) {}
