package io.portproxy.manage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The users and tokens of the admin API that the store keeps. Configuration files may declare further users.
 *
 * @param users the people, in the order of their names
 * @param tokens the tokens of programs, in the order in which they were made
 */
public record Accounts(List<StoredUser> users, List<ApiToken> tokens) {
    public static final Accounts NONE = new Accounts(List.of(), List.of());

    public Accounts {
        users = List.copyOf(users);
        tokens = List.copyOf(tokens);
    }

    /** Returns the user with that name. */
    public Optional<StoredUser> user(String name) {
        return users.stream().filter(user -> user.name().equals(name)).findFirst();
    }

    /** Returns the names under which the users and tokens that were removed or changed since then are logged in. */
    List<String> principalsOtherThan(Accounts before) {
        return Stream.concat(
                        before.users.stream()
                                .filter(user -> !users.contains(user))
                                .map(StoredUser::name),
                        before.tokens.stream()
                                .filter(token -> !tokens.contains(token))
                                .map(ApiToken::principal))
                .toList();
    }

    /** Returns the changes since then, each as text for a line of the audit log. */
    List<String> changesSince(Accounts before) {
        List<String> changes = new ArrayList<>();
        for (StoredUser user : users) {
            Optional<StoredUser> old = before.user(user.name());
            if (old.isEmpty()) {
                changes.add("user " + user + " was added");
            } else if (!old.get().equals(user)) {
                changes.add("user " + user + " was changed");
            }
        }
        before.users.stream()
                .filter(old -> user(old.name()).isEmpty())
                .forEach(old -> changes.add("user " + old + " was removed"));
        tokens.stream()
                .filter(token ->
                        before.tokens.stream().noneMatch(old -> old.id().equals(token.id())))
                .forEach(token -> changes.add("token of the API " + token + " was made"));
        before.tokens.stream()
                .filter(old -> tokens.stream().noneMatch(token -> token.id().equals(old.id())))
                .forEach(old -> changes.add("token of the API " + old + " was revoked"));
        return changes;
    }

    boolean hasAdmin() {
        return users.stream().anyMatch(user -> user.role().equals(StoredUser.ADMIN));
    }

    /** Returns a copy with this user, who replaces a user of the same name. */
    Accounts with(StoredUser user) {
        List<StoredUser> others = new ArrayList<>(without(user.name()).users);
        others.add(user);
        others.sort((a, b) -> a.name().compareTo(b.name()));
        return new Accounts(others, tokens);
    }

    Accounts without(String name) {
        return new Accounts(
                users.stream().filter(user -> !user.name().equals(name)).toList(), tokens);
    }

    Accounts with(ApiToken token) {
        List<ApiToken> more = new ArrayList<>(tokens);
        more.add(token);
        return new Accounts(users, more);
    }

    Accounts withoutToken(String id) {
        return new Accounts(
                users, tokens.stream().filter(token -> !token.id().equals(id)).toList());
    }
}
