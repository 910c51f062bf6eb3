package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Secret;
import io.portproxy.config.properties.WebhookProperties;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.webhook.Signature;
import io.portproxy.webhook.WebhookSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the receivers of events, and turns them into settings. */
final class WebhookCheck {
    private static final Place PLACE =
            Place.property(PortProxyProperties.PREFIX).key("webhooks");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String STANDARD = "whsec_";
    private static final int MAX_WEBHOOKS = 32;
    private static final int MAX_QUEUE = 100_000;
    private static final int MIN_SECRET = 16;
    private static final int MAX_SECRET = 256;
    private final Problems problems;
    private final Set<String> names = new HashSet<>();

    WebhookCheck(Problems problems) {
        this.problems = problems;
    }

    /** Returns the settings of the webhooks that are right. */
    List<WebhookSettings> run(List<WebhookProperties> webhooks) {
        if (webhooks.size() > MAX_WEBHOOKS) {
            problems.add(PLACE, webhooks.size() + " entries", "is too long", "write up to " + MAX_WEBHOOKS);
        }
        List<WebhookSettings> settings = new ArrayList<>();
        for (int i = 0; i < webhooks.size(); i++) {
            one(PLACE.entry(i), i, webhooks.get(i)).ifPresent(settings::add);
        }
        return settings;
    }

    private Optional<WebhookSettings> one(Place place, int index, WebhookProperties webhook) {
        String name = name(place.key("name"), index, webhook.name());
        Optional<URI> url = url(place.key("url"), webhook.url());
        Set<Event.Type> events = events(place.key("events"), webhook.events());
        Signature signature = signature(place.key("secret"), webhook.secret());
        RangeCheck ranges = new RangeCheck(problems, place);
        ranges.duration("for", webhook.patience(), Duration.ZERO);
        ranges.duration("timeout", webhook.timeout());
        ranges.duration("retry-initial", webhook.retryInitial());
        ranges.duration("retry-max", webhook.retryMax());
        ranges.atLeast("retry-max", webhook.retryMax(), "retry-initial", webhook.retryInitial());
        ranges.duration("retry-for", webhook.retryFor());
        ranges.number("queue", webhook.queue(), 1, MAX_QUEUE);
        source(place.key("source"), webhook.source());
        return problems.areAt(place)
                ? Optional.empty()
                : url.map(there -> new WebhookSettings(
                        name,
                        there,
                        signature,
                        webhook.source(),
                        events,
                        webhook.patience(),
                        webhook.queue(),
                        webhook.timeout(),
                        webhook.retryInitial(),
                        webhook.retryMax(),
                        webhook.retryFor()));
    }

    private String name(Place place, int index, @Nullable String written) {
        String name = written == null ? "webhook-" + (index + 1) : written;
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    place, name, "cannot be a name", "write 1 to 64 letters, digits, dots, dashes and underscores");
        } else if (!names.add(name)) {
            problems.add(place, name, "is the name of another webhook", "give each a name of its own");
        }
        return name;
    }

    private Optional<URI> url(Place place, @Nullable Secret written) {
        String fix = "write where events are to be sent, such as https://example.com/hooks/portproxy";
        if (written == null || written.text().isEmpty()) {
            problems.add(place, null, "is missing", fix);
            return Optional.empty();
        }
        try {
            URI url = URI.create(written.text());
            boolean http = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null && isPort(url.getPort())) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException e) {
            // The problem below reports it. The message of this exception contains the URL.
        }
        problems.add(place, written, "is no URL with http or https, a host, and without a user", fix);
        return Optional.empty();
    }

    /** Returns whether this is a port; -1 stands for the default port of the scheme. */
    private static boolean isPort(int port) {
        return port == -1 || (port > 0 && port <= HostPort.MAX_PORT);
    }

    private Set<Event.Type> events(Place place, List<String> written) {
        Set<Event.Type> events = EnumSet.noneOf(Event.Type.class);
        if (written.isEmpty()) {
            problems.add(place, null, "is empty", "write what is to be sent, such as remote-down");
        }
        for (int i = 0; i < written.size(); i++) {
            String key = written.get(i);
            Optional<Event.Type> type = Arrays.stream(Event.Type.values())
                    .filter(each -> each.key().equals(key))
                    .findFirst();
            if (type.isEmpty()) {
                problems.add(place.entry(i), key, "is no type of event", "write one of " + types());
            }
            type.ifPresent(events::add);
        }
        return events;
    }

    private static String types() {
        return Arrays.stream(Event.Type.values()).map(Event.Type::key).collect(Collectors.joining(", "));
    }

    private Signature signature(Place place, @Nullable Secret written) {
        if (written == null) {
            return Signature.NONE;
        }
        String text = written.text();
        String fix = "write 16 to 256 characters, or whsec_ and Base64";
        if (text.length() < MIN_SECRET || text.length() > MAX_SECRET) {
            problems.add(place, written, "is too short or too long", fix);
            return Signature.NONE;
        }
        if (!text.startsWith(STANDARD)) {
            return Signature.with(text.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return Signature.with(Base64.getDecoder().decode(text.substring(STANDARD.length())));
        } catch (IllegalArgumentException e) {
            problems.add(place, written, "has no Base64 behind whsec_", fix);
            return Signature.NONE;
        }
    }

    private void source(Place place, String written) {
        try {
            if (!written.isEmpty() && URI.create(written).toString().equals(written)) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // The problem below reports it.
        }
        problems.add(place, written, "is no URI reference", "write one, such as /portproxy");
    }
}
