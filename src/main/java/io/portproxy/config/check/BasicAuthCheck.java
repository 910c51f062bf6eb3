package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.HttpProperties;
import io.portproxy.http.BasicAuth;
import io.portproxy.http.RequestPath;
import io.portproxy.protocol.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Checks the users who may send requests to a host or port, and turns them into settings. */
final class BasicAuthCheck {
    private static final int MAX_NAME = 64;
    private static final int MAX_REALM = 100;
    private static final int MAX_USERS = 1000;
    private static final BasicAuth.Passwords PASSWORDS = passwords()::matches;

    private final Problems problems;
    private final Place place;

    /** @param place the place of these properties in the configuration */
    BasicAuthCheck(Problems problems, Place place) {
        this.problems = problems;
        this.place = place;
    }

    @SuppressWarnings("deprecation") // {noop} says so, and is for trials
    private static PasswordEncoder passwords() {
        return new DelegatingPasswordEncoder(
                "bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder(), "noop", NoOpPasswordEncoder.getInstance()));
    }

    /** Returns the settings; empty if the properties are missing, or if no user is right. */
    Optional<BasicAuth> run(HttpProperties.@Nullable Auth auth) {
        if (auth == null || auth.basic() == null) {
            return Optional.empty();
        }
        HttpProperties.Basic basic = auth.basic();
        List<BasicAuth.User> users = users(basic.users());
        List<String> except = new ArrayList<>();
        for (int i = 0; i < basic.except().size(); i++) {
            try {
                except.add(RequestPath.require(basic.except().get(i)));
            } catch (IllegalArgumentException e) {
                problems.add(
                        place.key("except").entry(i),
                        basic.except().get(i),
                        String.valueOf(e.getMessage()),
                        "write the beginning of a path, such as /health");
            }
        }
        realm(basic.realm());
        return users.isEmpty()
                ? Optional.empty()
                : Optional.of(new BasicAuth(basic.realm(), users, except, basic.pass(), PASSWORDS));
    }

    private List<BasicAuth.User> users(List<HttpProperties.BasicUser> written) {
        Place at = place.key("users");
        String fix = "write 1 to " + MAX_USERS + " entries with name and password";
        if (written.isEmpty() || written.size() > MAX_USERS) {
            problems.add(
                    at,
                    written.isEmpty() ? null : written.size() + " users",
                    written.isEmpty() ? "is empty: nobody could come in" : "is too long",
                    fix);
        }
        List<BasicAuth.User> users = new ArrayList<>();
        Map<String, Place> placeOfName = new HashMap<>();
        for (int i = 0; i < written.size(); i++) {
            Place name = at.entry(i).key("name");
            Optional<String> password = PasswordCheck.run(
                    problems, at.entry(i).key("password"), written.get(i).password());
            if (isName(name, written.get(i).name(), placeOfName) && password.isPresent()) {
                users.add(new BasicAuth.User(String.valueOf(written.get(i).name()), password.get()));
            }
        }
        return users;
    }

    private boolean isName(Place at, @Nullable String name, Map<String, Place> placeOfName) {
        if (name == null || name.isBlank()) {
            problems.add(at, name, name == null ? "is missing" : "is empty", "write a name");
        } else if (name.length() > MAX_NAME || name.indexOf(':') >= 0 || !Printable.is(name)) {
            problems.add(
                    at,
                    name,
                    "has more than " + MAX_NAME + " characters, a colon or a character that cannot be seen",
                    "write another name");
        } else {
            Place other = placeOfName.putIfAbsent(name, at);
            if (other == null) {
                return true;
            }
            problems.add(at, name, "is the same as " + other, "give each its own name");
        }
        return false;
    }

    private void realm(String realm) {
        boolean printable = realm.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
        if (realm.isBlank() || realm.length() > MAX_REALM || !printable) {
            problems.add(
                    place.key("realm"),
                    realm,
                    "is empty, too long, or has a character that is not allowed",
                    "write 1 to " + MAX_REALM + " letters, digits, blanks and signs of ASCII, without quotes");
        }
    }
}
