package io.portproxy.config.properties;

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
 * All properties as they are written: bound, but not yet checked. {@code ConfigurationCheck} turns them into settings. There is one root,
 * so that an unknown key anywhere below {@code portproxy} is found.
 *
 * @param workers How many event loops there are. Each has its own thread. Default: the number of processors. Range: 1 to 256.
 * @param shutdownGrace How long open connections may continue after the process was asked to stop. Then they are reset. Default: 10s; a
 *     bare number means seconds. Range: 0s to 24h.
 * @param bufferMemory Direct memory in bytes for all buffers of the process. Half of it may hold bytes that wait for slow readers. When
 *     this half is full, PortProxy stops reading the tunnels of these bytes until half of it is free again. The rest is for bytes that
 *     leave through tunnels, and for TLS. When little of it is left, PortProxy reads more slowly from users. Direct memory has the limit
 *     -XX:MaxDirectMemorySize, or without this option the maximum size of the heap. If the memory of the container or host has no room for
 *     the default beside the heap and Java itself, the default is less, down to 8MB. Default: a quarter of the JVM's direct memory, at
 *     least 64MB but at most half of it. Range: 1MB to the JVM's direct memory.
 * @param nativeCipher Whether a native library (AWS-LC) computes AES-GCM for TLS. There is a library for Linux with glibc. On other systems
 *     the JDK computes it, which takes up to three times as long. Default: true. Range: true or false.
 * @param logQueue How many lines of the log may wait in the queue of each terminal, pipe or file that they are written to. Further lines
 *     are dropped and counted. Lines below WARN are dropped first. Default: 8192. Range: 256 to 1000000.
 * @param legacyConfig Configuration files of the older program, which are read as they are: a server's (with bind and proxy), a client's
 *     (with name and server), or one of each. The command line and the environment override them. Default: none.
 * @param data The folder for what a server keeps across restarts. This is the remotes that were added by dashboard or API, either in a file
 *     or as the snapshot of a database, and the certificates by ACME. The folder is created when it is first needed. Default:
 *     ./portproxy-data. Range: a folder that can be made or written.
 * @param store Whether a server keeps remotes that are added by dashboard or API: auto (if there is a place for them), none (never), or
 *     required (a server without a place does not start). The place is the folder of portproxy.data, or the PostgreSQL database of
 *     spring.datasource.url. If you set either, it has to work. Default: auto. Range: auto, none or required.
 * @param reloadInterval How often the server checks whether a file of the configuration has changed. If so, it reads the file again,
 *     without a restart. It refuses a wrong file and keeps the configuration in effect. With 0s, it does not check, and reads the files
 *     only after SIGHUP or a request by the API. Default: 5s; a bare number means seconds. Range: 0s, or 100ms to 24h.
 * @param webhooks Programs that get events by HTTP. Default: none. Range: up to 32 entries, each with url (required), name, events, secret,
 *     for (how long a remote must be away before remote-down is sent; default 1m), source, queue, timeout, retry-initial, retry-max and
 *     retry-for.
 * @param usage how the server keeps usage
 * @param acme certificates that PortProxy gets and renews by itself
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
