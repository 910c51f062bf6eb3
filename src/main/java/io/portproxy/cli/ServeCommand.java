package io.portproxy.cli;

import io.portproxy.config.source.Launcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Runs a proxy server: remotes connect to it, and it exposes their services.",
        footer = {
            "",
            "The variable PORTPROXY_TOKEN, or a file, has the token for all names. Without a token, anybody can use a"
                    + " name. The command token makes one.",
            "",
            "Example: portproxy serve --expose home:127.0.0.1:6689=22 --expose-http home:127.0.0.1:6688=17211"
        })
final class ServeCommand implements RoleCommand {
    private static final String PREFIX = "portproxy.server.";

    @Mixin
    private final SharedOptions shared = new SharedOptions();

    @Option(names = "--bind", paramLabel = "HOST:PORT", description = "Where remotes connect. Default: 0.0.0.0:9015.")
    private @Nullable String bind;

    @Option(
            names = "--expose",
            paramLabel = "NAME:BIND=TARGET",
            description =
                    "Listen at BIND (a port of loopback, or HOST:PORT) for the target TARGET of the remote NAME (a port of"
                            + " its 127.0.0.1, or HOST:PORT). May be repeated.")
    private List<String> expose = new ArrayList<>();

    @Option(
            names = "--expose-http",
            paramLabel = "NAME:BIND=TARGET",
            description = "The same for a web application: adds X-Forwarded-* to requests.")
    private List<String> exposeHttp = new ArrayList<>();

    @Option(
            names = "--token-file",
            paramLabel = "[NAME=]FILE",
            description = "A file with the token of the remote NAME, or of all others; - is the standard input. May be"
                    + " repeated.")
    private List<String> tokenFiles = new ArrayList<>();

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Require remotes to have a certificate for their name from this authority (PEM).")
    private @Nullable String authority;

    @Override
    public void addTo(Launcher.Builder launch, Secrets secrets) {
        launch.role("server");
        shared.addConfig(launch);
        launch.setIfPresent(PREFIX + "bind", Optional.ofNullable(bind), "--bind");
        Map<String, List<Exposure>> exposures = exposures();
        if (exposures.isEmpty() && shared.areAlone(launch, secrets)) {
            throw new WrongUseException(
                    "--expose NAME:BIND=TARGET is missing: write it, or --config FILE with portproxy.server.*");
        }
        Tokens tokens = tokens(secrets, exposures);
        int index = 0;
        for (Map.Entry<String, List<Exposure>> remote : exposures.entrySet()) {
            addRemote(launch, PREFIX + "proxy[" + index++ + "].", remote.getKey(), remote.getValue(), tokens);
        }
        if (shared.hasCertificate()) {
            shared.addTls(launch, "server", authority, "--tls-cert");
        }
        if (authority != null) {
            if (!shared.hasCertificate()) {
                throw new WrongUseException(
                        "--tls-ca needs a certificate of our own: write --tls-cert and --tls-key too");
            }
            launch.set(PREFIX + "ssl.client-auth", "need", "--tls-ca");
        }
    }

    /** Returns the exposures in the order of the options, with all exposures of one name together. */
    private Map<String, List<Exposure>> exposures() {
        Map<String, List<Exposure>> byName = new LinkedHashMap<>();
        List<Exposure> all = new ArrayList<>();
        expose.forEach(text -> all.add(Exposure.parse(text, "tcp", "--expose")));
        exposeHttp.forEach(text -> all.add(Exposure.parse(text, "http", "--expose-http")));
        all.forEach(one ->
                byName.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(one));
        return byName;
    }

    private static void addRemote(
            Launcher.Builder launch, String prefix, String name, List<Exposure> exposures, Tokens tokens) {
        launch.set(prefix + "remote-name", name, exposures.get(0).option());
        tokens.of(name).ifPresent(token -> launch.set(prefix + "tokens[0]", token.text(), token.origin()));
        for (int i = 0; i < exposures.size(); i++) {
            Exposure one = exposures.get(i);
            String port = prefix + "port-list[" + i + "].";
            launch.set(port + "type", one.type(), one.option());
            launch.set(port + "bind", one.bind(), one.option());
            launch.set(port + "remote", one.target(), one.option());
        }
    }

    private Tokens tokens(Secrets secrets, Map<String, List<Exposure>> exposures) {
        Map<String, Token> byName = new LinkedHashMap<>();
        Optional<Token> forAll = secrets.tokenOfEnvironment().map(text -> new Token(text, Secrets.TOKEN_VARIABLE));
        for (String written : tokenFiles) {
            int equals = written.indexOf('=');
            String file = written.substring(equals + 1);
            Token token = new Token(secrets.read("--token-file", file), "--token-file");
            if (equals < 0) {
                forAll = Optional.of(token);
            } else {
                byName.put(written.substring(0, equals), token);
            }
        }
        TreeSet<String> unknown = new TreeSet<>(byName.keySet());
        unknown.removeAll(exposures.keySet());
        if (!unknown.isEmpty()) {
            throw new WrongUseException("--token-file " + unknown.first()
                    + "=...: nothing is exposed for that name; add" + " --expose " + unknown.first() + ":BIND=TARGET");
        } else if (exposures.isEmpty() && !tokenFiles.isEmpty()) {
            throw new WrongUseException(
                    "--token-file is for the names of --expose; set portproxy.server.proxy[].tokens in"
                            + " the file that --config names");
        }
        return new Tokens(byName, forAll);
    }

    private record Token(String text, String origin) {}

    private record Tokens(Map<String, Token> byName, Optional<Token> forAll) {
        Optional<Token> of(String name) {
            return Optional.ofNullable(byName.get(name)).or(() -> forAll);
        }
    }
}
