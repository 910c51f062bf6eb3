package io.portproxy.admin.manage;

import io.portproxy.admin.security.Rights;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads users and tokens of the admin API from a request's body. */
final class AccountReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    private static final int LEAST_PASSWORD = 12;

    /** The most bytes that bcrypt uses. */
    private static final int MOST_PASSWORD = 72;

    private AccountReader() {}

    /**
     * A user as a body describes it.
     *
     * @param name the user's name
     * @param role the user's role; empty if the body has none
     * @param password the password in plain text; empty if the body has none
     */
    record User(String name, Optional<String> role, Optional<String> password) {
        /** Returns the name, without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** The properties of a new token. */
    record Token(String label, String role, Optional<Instant> expires) {}

    /** Reads a new user. All members are required, except the role. */
    static User newUser(BodyMembers body) {
        BodyMembers members = body.known(Set.of("name", "role", "password"));
        String name = members.text("name").orElse("");
        if (!NAME.matcher(name).matches()) {
            members.wrong(
                    "name",
                    name.isEmpty() ? "is missing" : "cannot be a user's name",
                    "write 1 to 64 of a-z, 0-9, ., _, @ and -, the first a letter or a digit");
        }
        Optional<String> password = password(members);
        if (members.text("password").isEmpty()) {
            members.wrong("password", "is missing", "write " + LEAST_PASSWORD + " or more characters");
        }
        return new User(name, Optional.of(role(members).orElse("viewer")), password);
    }

    /** Reads the changes to a user. */
    static User changedUser(String name, BodyMembers body) {
        BodyMembers members = body.known(Set.of("role", "password"));
        return new User(name, role(members), password(members));
    }

    static Token newToken(BodyMembers body) {
        BodyMembers members = body.known(Set.of("label", "role", "expires"));
        return new Token(
                TokensReader.label(members).orElse(""), role(members).orElse("viewer"), members.time("expires"));
    }

    private static Optional<String> role(BodyMembers members) {
        Optional<String> role = members.text("role");
        if (role.isPresent() && Rights.find(role.get()).isEmpty()) {
            String all = Arrays.stream(Rights.values()).map(Rights::key).collect(Collectors.joining(", "));
            members.wrong("role", "is not one of the possible values", "write one of " + all);
            return Optional.empty();
        }
        return role;
    }

    private static Optional<String> password(BodyMembers members) {
        Optional<String> password = members.text("password");
        password.ifPresent(text -> {
            if (text.length() < LEAST_PASSWORD) {
                members.wrongSecret(
                        "password",
                        "is too short: anybody could find it out by trying",
                        "write " + LEAST_PASSWORD + " or more characters");
            } else if (text.getBytes(StandardCharsets.UTF_8).length > MOST_PASSWORD) {
                members.wrongSecret("password", "is too long", "write at most " + MOST_PASSWORD + " bytes of UTF-8");
            }
        });
        return password;
    }
}
