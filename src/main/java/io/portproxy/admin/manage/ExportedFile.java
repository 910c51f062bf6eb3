package io.portproxy.admin.manage;

import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes gateways and remotes as a configuration file that declares them, so that a server can read them from the file. */
final class ExportedFile {
    private static final int SECRET_BYTES = 32;

    private final Instant now;
    private final List<String> notes = new ArrayList<>();

    private ExportedFile(Instant now) {
        this.now = now;
    }

    /**
     * Returns the file's text.
     *
     * @param now decides which tokens have expired
     */
    static String of(List<GatewayDefinition> gateways, List<StoredRemote> remotes, Instant now) {
        return new ExportedFile(now).text(gateways, remotes);
    }

    private String text(List<GatewayDefinition> gateways, List<StoredRemote> remotes) {
        notes.add(
                "Remotes of PortProxy. Read this file with --spring.config.additional-location=FILE, and keep it secret: who has"
                        + " it can pretend to be the server.");
        Map<String, Object> server = new LinkedHashMap<>();
        if (!gateways.isEmpty()) {
            server.put("gateways", gateways.stream().map(ExportedFile::gateway).toList());
        }
        server.put("proxy", remotes.stream().map(this::remote).toList());
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setWidth(Integer.MAX_VALUE);
        String yaml = new Yaml(options).dump(Map.of("portproxy", Map.of("server", server)));
        return notes.stream().map(note -> "# " + note + "\n").collect(Collectors.joining()) + yaml;
    }

    private static Map<String, Object> gateway(GatewayDefinition gateway) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", gateway.name());
        entry.put("bind", literal(gateway.bind()));
        gateway.publicPort().ifPresent(port -> entry.put("public-port", port));
        Map<String, Object> ssl = new LinkedHashMap<>();
        gateway.ssl().bundle().ifPresent(name -> ssl.put("bundle", literal(name)));
        if (!gateway.ssl().bundles().isEmpty()) {
            ssl.put(
                    "bundles",
                    gateway.ssl().bundles().stream().map(ExportedFile::literal).toList());
        }
        if (gateway.ssl().acme()) {
            ssl.put("acme", true);
        }
        if (!ssl.isEmpty()) {
            entry.put("ssl", ssl);
        }
        if (gateway.redirectToHttps()) {
            entry.put("redirect-to-https", true);
        }
        entry.put("request-timeout", gateway.requestTimeout());
        entry.put("max-pending", gateway.maxPending());
        entry.put("max-request-head", gateway.maxRequestHead());
        gateway.tunnel().ifPresent(name -> entry.put("tunnel", literal(name)));
        ExportedUsers.putList(entry, "accept-proxy-protocol", gateway.acceptProxyProtocol());
        return entry;
    }

    private Map<String, Object> remote(StoredRemote remote) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("remote-name", literal(remote.name()));
        if (!remote.definition().description().isEmpty()) {
            entry.put("description", literal(remote.definition().description()));
        }
        if (!remote.definition().enabled()) {
            entry.put("enabled", false);
        }
        if (!remote.definition().anonymous()) {
            entry.put("tokens", tokens(remote));
        }
        entry.put(
                "port-list",
                remote.definition().ports().stream().map(ExportedFile::port).toList());
        if (!remote.definition().hosts().isEmpty()) {
            entry.put(
                    "host-list",
                    remote.definition().hosts().stream().map(ExportedFile::host).toList());
        }
        remote.definition().grants().ifPresent(grants -> entry.put("grants", grants(grants)));
        ExportedUsers.putAccess(entry, remote.definition().access());
        ExportedUsers.putQuota(entry, remote.definition().quota());
        ExportedUsers.putLimits(
                entry, remote.definition().limits(), remote.definition().holdWhileAway());
        return entry;
    }

    private static Map<String, Object> grants(GrantDefinition grants) {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (!grants.ports().isEmpty()) {
            entry.put("ports", literal(grants.ports()));
        }
        grants.hosts().ifPresent(hosts -> entry.put("hosts", literal(hosts)));
        entry.put("max", grants.max());
        entry.put("sticky", literal(grants.sticky()));
        entry.put("bind", literal(grants.bind()));
        entry.put("max-remotes", grants.maxRemotes());
        return entry;
    }

    /**
     * Returns the tokens for the file. Tokens in a file do not expire. A remote without a token gets a random one, or
     * anybody could use its name.
     */
    private List<String> tokens(StoredRemote remote) {
        List<String> tokens = new ArrayList<>();
        for (RemoteToken token : remote.tokens()) {
            if (token.expires().isEmpty()) {
                tokens.add(token.verifier().text());
            } else if (token.isValid(now)) {
                notes.add("Left out, because a file's tokens do not expire: token " + token.id() + " of remote "
                        + remote.name());
            }
        }
        if (tokens.isEmpty()) {
            notes.add("Nobody has the token of remote " + remote.name() + " that stands here: it had none. Add one.");
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            tokens.add(
                    TokenVerifier.of(Token.of(HexFormat.of().formatHex(secret))).text());
        }
        return tokens;
    }

    private static Map<String, Object> port(PortDefinition port) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", literal(port.name()));
        if (!port.enabled()) {
            entry.put("enabled", false);
        }
        entry.put("type", port.type());
        entry.put("bind", literal(port.bind()));
        entry.put("remote", literal(port.remote()));
        ExportedHttp.put(entry, port.http());
        ExportedUsers.put(entry, port.users());
        port.udp().idleTimeout().ifPresent(time -> entry.put("idle-timeout", time));
        port.udp().maxSessions().ifPresent(count -> entry.put("max-sessions", count));
        port.udp().maxSessionsPerUser().ifPresent(count -> entry.put("max-sessions-per-user", count));
        port.udp().replyLimit().ifPresent(limit -> entry.put("reply-limit", limit));
        return entry;
    }

    private static Map<String, Object> host(HostDefinition host) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("host", literal(host.host()));
        if (!host.path().equals(HostDefinition.ALL_PATHS)) {
            entry.put("path", literal(host.path()));
        }
        if (!host.gateways().isEmpty()) {
            entry.put("gateways", host.gateways());
        }
        if (!host.enabled()) {
            entry.put("enabled", false);
        }
        if (!host.tls().equals(HostDefinition.TERMINATE)) {
            entry.put("tls", host.tls());
        }
        entry.put("remote", literal(host.remote()));
        ExportedHttp.put(entry, host.http());
        ExportedUsers.put(entry, host.users());
        return entry;
    }

    /** Escapes placeholders, because the authors of these texts did not mean them. */
    static String literal(String text) {
        return text.replace("${", "\\${");
    }
}
