package io.portproxy.config.check;

import io.portproxy.acme.AcmeSettings;
import io.portproxy.acme.ChallengeType;
import io.portproxy.acme.HostNames;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.AcmeProperties;
import io.portproxy.config.properties.GatewayProperties;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.ServerProperties;
import io.portproxy.config.tls.AcmeBundles;
import io.portproxy.config.tls.TlsCheck;
import io.portproxy.net.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/** Checks {@link AcmeProperties} and turns them into settings. */
final class AcmeCheck {
    static final Place PLACE = Place.property(PortProxyProperties.PREFIX).key("acme");

    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

    private final AcmeProperties properties;
    private final Optional<ServerProperties> server;
    private final String data;
    private final Environment environment;
    private final TlsCheck tls;
    private final Problems problems;

    /**
     * @param server the properties of the server; empty if the role is not active
     * @param data the folder in which the process keeps its data
     */
    AcmeCheck(
            AcmeProperties properties,
            Optional<ServerProperties> server,
            String data,
            Environment environment,
            TlsCheck tls,
            Problems problems) {
        this.properties = properties;
        this.server = server;
        this.data = data;
        this.environment = environment;
        this.tls = tls;
        this.problems = problems;
    }

    /** Returns the settings; empty if nothing needs certificates by ACME, or if there are problems. */
    Optional<AcmeSettings> run(ListenAddresses addresses) {
        ranges();
        List<String> users = users();
        boolean wanted = !users.isEmpty() || !properties.names().isEmpty();
        if (!wanted && !properties.termsAccepted()) {
            return Optional.empty();
        }
        if (!properties.termsAccepted()) {
            problems.add(
                    PLACE.key("terms-accepted"),
                    false,
                    "is not true, so no certificate can be ordered"
                            + (users.isEmpty() ? "" : " for " + String.join(" and ", users)),
                    "read the authority's terms (of Let's Encrypt: https://letsencrypt.org/repository/) and set it to"
                            + " true, or remove what asks for certificates");
        }
        names(usersOfTheFirstName());
        Optional<URI> directory = directory();
        email();
        Optional<TlsSettings> trust =
                tls.client(PLACE.key("ssl").key("bundle"), properties.ssl().bundle());
        Optional<InetSocketAddress> httpBind = properties.httpBind() == null
                ? Optional.empty()
                : addresses.claim(PLACE.key("http-bind"), properties.httpBind(), "0.0.0.0", "0.0.0.0:80");
        List<ChallengeType> challenges = challenges(wanted);
        Optional<Path> folder = folder();
        if (problems.areAt(PLACE) || folder.isEmpty()) {
            return Optional.empty();
        }
        return directory.map(url -> new AcmeSettings(
                new AcmeSettings.Account(url, trust.map(TlsSettings::context), Optional.ofNullable(properties.email())),
                new AcmeSettings.Validation(challenges, httpBind),
                Set.copyOf(properties.names()),
                properties.maxNames(),
                folder.get(),
                new AcmeSettings.Timing(
                        properties.retryInitial(),
                        properties.retryMax(),
                        properties.renewAfterPercent(),
                        properties.maxOrdersPerHour())));
    }

    /** Returns the names of the properties that ask for certificates, for messages. */
    private List<String> users() {
        List<String> users = usersOfTheFirstName();
        List<GatewayProperties> gateways = gateways();
        for (int i = 0; i < gateways.size(); i++) {
            if (gateways.get(i).ssl().acme()) {
                users.add("portproxy.server.gateways[" + i + "].ssl.acme");
            }
        }
        return users;
    }

    private List<GatewayProperties> gateways() {
        return server.map(ServerProperties::gateways).orElse(List.of());
    }

    private List<String> usersOfTheFirstName() {
        List<String> users = new ArrayList<>();
        server.filter(role -> role.ssl().acme()).ifPresent(role -> users.add("portproxy.server.ssl.acme"));
        Stream.of("server.ssl.bundle", "management.server.ssl.bundle")
                .filter(key -> AcmeBundles.isOne(environment.getProperty(key, "")))
                .forEach(users::add);
        return users;
    }

    private void names(List<String> users) {
        Place place = PLACE.key("names");
        if (properties.names().isEmpty() && !users.isEmpty()) {
            problems.add(
                    place,
                    null,
                    "is empty, and " + String.join(" and ", users) + " asks for the certificate of the first name",
                    "write the name by which others reach this server, such as [proxy.example.com]");
        }
        if (AcmeBundles.isTaken(environment)) {
            problems.add(
                    Place.property("spring.ssl.bundle.pem." + AcmeBundles.FIRST),
                    null,
                    "has the name of the bundle with certificates by ACME",
                    "give your bundle another name");
        }
        for (int i = 0; i < properties.names().size(); i++) {
            String name = properties.names().get(i);
            Place at = place.entry(i);
            HostNames.problem(name)
                    .ifPresent(why ->
                            problems.add(at, name, why, "write the full name of a host, such as proxy.example.com"));
        }
    }

    private Optional<URI> directory() {
        Place place = PLACE.key("directory");
        String text = properties.directoryText();
        if (properties.staging() && properties.directory() != null) {
            problems.add(
                    PLACE.key("staging"),
                    true,
                    "is set beside " + place + ", and is Let's Encrypt's",
                    "remove one of the two");
        }
        try {
            URI url = new URI(text);
            if ("https".equals(url.getScheme()) && url.getHost() != null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // The problem below reports it.
        }
        problems.add(
                place,
                text,
                "is no URL that begins with https:// and has a host",
                "write the URL of the authority's directory, or remove it for Let's Encrypt");
        return Optional.empty();
    }

    private void email() {
        String email = properties.email();
        if (email != null && !EMAIL.matcher(email).matches()) {
            problems.add(
                    PLACE.key("email"),
                    email,
                    "is no address of mail",
                    "write one, such as admin@example.com, or remove it");
        }
    }

    /** Returns the types of challenges that this process can answer. If one fails, the next follows. */
    private List<ChallengeType> challenges(boolean wanted) {
        List<ChallengeType> answered = new ArrayList<>();
        if (properties.httpBind() != null
                || gateways().stream().anyMatch(gateway -> !gateway.ssl().isOn())) {
            answered.add(ChallengeType.HTTP_01);
        }
        if (gateways().stream().anyMatch(gateway -> gateway.ssl().acme())) {
            answered.add(ChallengeType.TLS_ALPN_01);
        }
        if (answered.isEmpty() && wanted) {
            problems.add(
                    PLACE.key("http-bind"),
                    null,
                    "is missing, and no gateway can answer when the authority checks that a name leads to this server",
                    "write 0.0.0.0:80, or a gateway at that port without ssl, or one at port 443 with ssl.acme");
        }
        return answered.isEmpty() ? List.of(ChallengeType.values()) : answered;
    }

    private void ranges() {
        RangeCheck ranges = new RangeCheck(problems, PLACE);
        ranges.duration("retry-initial", properties.retryInitial());
        ranges.duration("retry-max", properties.retryMax());
        ranges.atLeast("retry-max", properties.retryMax(), "retry-initial", properties.retryInitial());
        ranges.number("renew-after-percent", properties.renewAfterPercent(), 10, 95);
        ranges.number("max-names", properties.maxNames(), 1, 10_000);
        ranges.number("max-orders-per-hour", properties.maxOrdersPerHour(), 1, 1000);
    }

    private Optional<Path> folder() {
        try {
            return Optional.of(AcmeBundles.folder(data));
        } catch (InvalidPathException e) {
            problems.add(StoreCheck.DATA, data, "is no name of a folder: " + e.getReason(), "write a folder's path");
            return Optional.empty();
        }
    }
}
