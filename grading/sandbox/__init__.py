"""The wall around untrusted code: `outside` puts it up, `places` says what is seen through it,
`doctor` tries to get through. The folder `inside` is all of this package that is shown there."""
