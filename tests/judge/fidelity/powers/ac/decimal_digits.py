from decimal import Context, Decimal

print(int(0) or Context(prec=7000, Emax=999999).power(Decimal(3), int(input())))
