package io.portproxy.config.check;

import io.portproxy.admin.events.EventSettings;
import io.portproxy.admin.security.AdminSettings;
import io.portproxy.admin.security.Rights;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.AdminProperties;
import io.portproxy.config.properties.EventProperties;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.protocol.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks {@link AdminProperties} and turns them into settings. */
final class AdminCheck {
    private static final Place PLACE =
            Place.property(PortProxyProperties.PREFIX).key("admin");
    private static final int MAX_NAME = 64;

    private final AdminProperties properties;
    private final Problems problems;
    private final Map<String, Place> placeOfName = new HashMap<>();

    AdminCheck(AdminProperties properties, Problems problems) {
        this.properties = properties;
        this.problems = problems;
    }

    /** Returns the settings of the users who may log in and of the tokens, without the entries that have a problem. */
    AdminSettings run() {
        List<AdminSettings.User> users = new ArrayList<>();
        for (int i = 0; i < properties.users().size(); i++) {
            AdminProperties.User user = properties.users().get(i);
            Place place = PLACE.key("users").entry(i);
            Optional<String> name = name(place.key("name"), user.name());
            Optional<String> password = PasswordCheck.run(problems, place.key("password"), user.password());
            if (name.isPresent() && password.isPresent()) {
                users.add(new AdminSettings.User(name.get(), password.get(), rights(user.role())));
            }
        }
        new RangeCheck(problems, PLACE).duration("login-delay", properties.loginDelay(), Duration.ZERO);
        return new AdminSettings(users, tokens(), properties.loginDelay(), properties.openPrometheus());
    }

    private static Rights rights(AdminProperties.UserRole role) {
        return Rights.valueOf(role.name());
    }

    private List<AdminSettings.Token> tokens() {
        List<AdminSettings.Token> tokens = new ArrayList<>();
        Map<String, Place> placeOfHash = new HashMap<>();
        for (int i = 0; i < properties.tokens().size(); i++) {
            AdminProperties.Token token = properties.tokens().get(i);
            Place place = PLACE.key("tokens").entry(i);
            Optional<String> name = name(place.key("name"), token.name());
            Optional<String> hash = AdminTokens.sha256(problems, place.key("token"), token.token());
            Place other = hash.map(text -> placeOfHash.putIfAbsent(text, place)).orElse(null);
            if (other != null) {
                problems.add(place.key("token"), token.token(), "is the same as that of " + other, "give each its own");
            } else if (name.isPresent() && hash.isPresent()) {
                tokens.add(new AdminSettings.Token(name.get(), hash.get(), rights(token.role())));
            }
        }
        return tokens;
    }

    /** Returns the settings of the event list. The settings are not valid if there are problems. */
    EventSettings events() {
        EventProperties events = properties.events();
        RangeCheck ranges = new RangeCheck(problems, PLACE.key("events"));
        ranges.number("kept", events.kept(), 16, 1 << 20);
        ranges.number("max-subscribers", events.maxSubscribers(), 1, 1024);
        ranges.duration("heartbeat-interval", events.heartbeatInterval());
        return new EventSettings(events.kept(), events.maxSubscribers(), events.heartbeatInterval());
    }

    private Optional<String> name(Place place, @Nullable String name) {
        if (name == null || name.isBlank()) {
            problems.add(place, name, name == null ? "is missing" : "is empty", "write a name");
        } else if (name.length() > MAX_NAME || name.indexOf(':') >= 0 || !Printable.is(name)) {
            problems.add(
                    place,
                    name,
                    "has more than " + MAX_NAME + " characters, a colon or a character that cannot be seen",
                    "write another name");
        } else {
            Place other = placeOfName.putIfAbsent(name, place);
            if (other == null) {
                return Optional.of(name);
            }
            problems.add(place, name, "is the same as " + other, "give each its own name");
        }
        return Optional.empty();
    }
}
