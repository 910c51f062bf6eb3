package io.portproxy.manage;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Shows and changes the users and tokens of the admin API that the store keeps. Any thread. Methods that change something block.
 *
 * <p>Unless their documentation says otherwise, methods that change something throw {@link NoSuchException} if the user or token does not
 * exist; {@link ConflictException} if a file declares the user, if the user exists already, or if no admin would be left; and
 * {@link StoreException} if the change cannot be kept.
 */
public final class AccountManager {
    /** The largest number of users, and of tokens. More of them belong in a user directory, which PortProxy is not. */
    private static final int MOST = 1000;

    private final AccountStore store;
    private final Set<String> namesOfFiles;
    private final boolean adminInFiles;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> keptLate = new CopyOnWriteArrayList<>();
    private volatile Accounts accounts;

    /**
     * Reads the users and tokens from the store. Blocks.
     *
     * @param namesOfFiles the users that files declare; a user of the store with the same name has no effect
     * @param adminInFiles whether one of these users is an admin
     * @throws StoreException the store cannot be read
     */
    public AccountManager(AccountStore store, Set<String> namesOfFiles, boolean adminInFiles) {
        this.store = store;
        this.namesOfFiles = new HashSet<>(namesOfFiles);
        this.adminInFiles = adminInFiles;
        accounts = store.loadAccounts();
    }

    /** Returns the store's users, by name. The list also contains users that a file declares too, which have no effect. */
    public List<StoredUser> users() {
        return accounts.users();
    }

    /** Returns the store's user with that name; empty if there is none, or if a file declares that user. */
    public Optional<StoredUser> user(String name) {
        return namesOfFiles.contains(name) ? Optional.empty() : accounts.user(name);
    }

    /** Returns the store's tokens. Expired tokens are included. */
    public List<ApiToken> tokens() {
        return accounts.tokens();
    }

    /** Returns whether there is an admin. If not, PortProxy makes a password for one when it starts. */
    public boolean hasAdmin() {
        return adminInFiles || accounts.hasAdmin();
    }

    /** Adds a user. */
    public synchronized void addUser(StoredUser user) {
        if (namesOfFiles.contains(user.name())) {
            throw declared(user.name());
        } else if (accounts.user(user.name()).isPresent()) {
            throw new ConflictException("there is a user " + user.name() + " already");
        }
        requireRoom(accounts.users().size(), "users");
        save(accounts.with(user));
    }

    /** Changes a user, and returns the changed user. */
    public synchronized StoredUser changeUser(String name, Precondition precondition, UnaryOperator<StoredUser> edit) {
        StoredUser changed = edit.apply(require(name, precondition));
        save(accounts.with(changed));
        return changed;
    }

    /** Removes a user, and returns the removed user. */
    public synchronized StoredUser removeUser(String name, Precondition precondition) {
        StoredUser removed = require(name, precondition);
        save(accounts.without(name));
        return removed;
    }

    private StoredUser require(String name, Precondition precondition) {
        if (namesOfFiles.contains(name)) {
            throw declared(name);
        }
        StoredUser there = accounts.user(name).orElseThrow(() -> new NoSuchException("no user has the name " + name));
        precondition.require(tag(there));
        return there;
    }

    private static ConflictException declared(String name) {
        return new ConflictException(
                "user " + name + " is declared in a file (portproxy.admin.users): change it there");
    }

    /** Returns the tag of a user's current state, see {@link Tags}. */
    public static String tag(StoredUser user) {
        return Tags.of(List.of(user.name(), user.role(), user.password()));
    }

    /** Adds a token. */
    public synchronized void addToken(ApiToken token) {
        requireRoom(accounts.tokens().size(), "tokens");
        save(accounts.with(token));
    }

    /** Revokes a token, and returns it. */
    public synchronized ApiToken removeToken(String id) {
        ApiToken removed = accounts.tokens().stream()
                .filter(token -> token.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchException("no token has the id " + id));
        save(accounts.withoutToken(id));
        return removed;
    }

    private static void requireRoom(int there, String what) {
        if (there >= MOST) {
            throw new ConflictException("there are " + MOST + " " + what + " already, which is the limit: remove some");
        }
    }

    /** Takes over a change that the store kept although its caller was told that it failed. Must be called regularly. */
    void catchUp() {
        store.catchUpAccounts(this::take); // until it returns, the store keeps no other change
    }

    private synchronized void take(Accounts now) {
        List<String> others = now.principalsOtherThan(accounts);
        List<String> changes = now.changesSince(accounts);
        accounts = now;
        changes.forEach(change -> keptLate.forEach(listener -> listener.accept(change)));
        others.forEach(principal -> listeners.forEach(listener -> listener.accept(principal)));
    }

    /**
     * Adds a listener for users and tokens that were removed or changed by a change whose caller was told that it failed.
     *
     * @param listener gets the name under which the user or token is logged in
     */
    public void whenChangedLate(Consumer<String> listener) {
        listeners.add(listener);
    }

    /**
     * Adds a listener for changes that the store kept although their callers were told that they failed.
     *
     * @param listener gets the change as the text of a line of the audit log; who asked for the change is no longer known
     */
    public void whenKeptLate(Consumer<String> listener) {
        keptLate.add(listener);
    }

    private void save(Accounts next) {
        if (!adminInFiles && accounts.hasAdmin() && !next.hasAdmin()) {
            throw new ConflictException(
                    "that is the last admin, without whom nobody could change anything: make another one first");
        }
        store.saveAccounts(next);
        accounts = next;
    }
}
