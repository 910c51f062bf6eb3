package io.portproxy.config.properties;

import io.portproxy.config.check.ConfigurationCheck;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * All that can be configured, as it was written: bound, but not yet checked. {@link ConfigurationCheck} turns it into
 * settings. One root, so that an unknown key anywhere below {@code portproxy} is found.
 *
 * @param workers Event loops, each with a thread of its own. Default: the number of processors. Range: 1 to 256.
 * @param shutdownGrace How long open connections may go on after the process was asked to stop. Then they are reset.
 *     Default: 10s; a bare number means seconds. Range: 0s to 24h.
 * @param bufferMemory Direct memory in bytes for all buffers of the process. Half of it may hold bytes that wait for
 *     slow readers; at that limit, their tunnels are not read until half of that is free. The rest is for bytes that
 *     leave through tunnels, and for TLS; when little is left, users are read more slowly. Default: a quarter of the
 *     JVM's direct memory (-XX:MaxDirectMemorySize, else as much as the heap may have), at least 64MB but at most half
 *     of it; less, down to 8MB, where the container's or the host's memory has no room for that beside the heap and
 *     Java itself. Range: 1MB to the JVM's direct memory.
 * @param nativeCipher Whether a native library (AWS-LC) computes AES-GCM for TLS, if there is one for this system: on
 *     Linux with glibc. Otherwise the JDK does it, which takes up to three times as long. Default: true. Range: true or
 *     false.
 * @param logQueue How many lines of the log may be queued, for each terminal, pipe or file that they go to. Further
 *     lines are dropped, those below WARN first, and counted. Default: 8192. Range: 256 to 1000000.
 * @param legacyConfig Configuration files of the older program, read unchanged: a server's (with bind and proxy), a
 *     client's (with name and server), or one of each. The command line and the environment win over them. Default:
 *     none.
 * @param data The folder for what a server keeps over restarts: remotes that were added by dashboard or API, in a file,
 *     or the snapshot of a database; and certificates by ACME. It is made when it is first needed. Default:
 *     ./portproxy-data. Range: a folder that can be made or written.
 * @param store Whether a server keeps remotes that are added by dashboard or API: auto (if there is a place for them),
 *     none (never), or required (a server without a place does not start). The place is the folder, or the PostgreSQL
 *     of spring.datasource.url. If either is set, it has to work. Default: auto. Range: auto, none or required.
 * @param reloadInterval How often the server looks whether a file of the configuration has changed. If so, it reads it
 *     again, without a restart; a wrong file is refused, and the configuration in effect stays. 0s switches this off:
 *     SIGHUP and the API can still ask for it. Default: 5s; a bare number means seconds. Range: 0s, or 100ms to 24h.
 * @param webhooks Programs that are told by HTTP what happens. Default: none. Range: up to 32 entries, each with url
 *     (required), name, events, secret, for (how long a remote must be away until that is sent; default 1m), source,
 *     queue, timeout, retry-initial, retry-max and retry-for.
 * @param usage what has come to each port
 * @param acme certificates by themselves
 * @param server the proxy server's role
 * @param client the remote's role
 * @param admin who may use the admin API
 * @param demo the demonstration
 * @param trial a trial of a tunnel
 */
@ConfigurationProperties(prefix = PortProxyProperties.PREFIX, ignoreUnknownFields = false)
public record PortProxyProperties(
        @Nullable Integer workers,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration shutdownGrace,

        @Nullable DataSize bufferMemory,
        @DefaultValue("true") boolean nativeCipher,
        @DefaultValue("8192") int logQueue,
        @DefaultValue List<String> legacyConfig,
        @DefaultValue(StoreMode.DEFAULT_FOLDER) String data,
        @DefaultValue("auto") StoreMode store,

        @DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS)
        Duration reloadInterval,

        @DefaultValue List<WebhookProperties> webhooks,
        @DefaultValue @NestedConfigurationProperty UsageProperties usage,
        @DefaultValue @NestedConfigurationProperty AcmeProperties acme,
        @DefaultValue @NestedConfigurationProperty ServerProperties server,
        @DefaultValue @NestedConfigurationProperty ClientProperties client,
        @DefaultValue @NestedConfigurationProperty AdminProperties admin,
        @DefaultValue @NestedConfigurationProperty DemoProperties demo,
        @DefaultValue @NestedConfigurationProperty TrialProperties trial) {

    /** The beginning of every key. */
    public static final String PREFIX = "portproxy";

    public PortProxyProperties {
        legacyConfig = List.copyOf(legacyConfig);
        webhooks = List.copyOf(webhooks);
    }
}
